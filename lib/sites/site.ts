import type { AwsClients } from '../core/aws-clients.ts';
import type { Clock } from '../core/clock.ts';
import type { SiteFile } from './site-file.ts';

/** A template to have on a site, with its parameters' values. */
export interface Deployment {
  readonly file: string;
  readonly stack: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Where a run goes, opened: clients that reach it, its time, and what proves that it is still there. */
export interface Site {
  readonly file: SiteFile;
  readonly account: string;
  readonly region: string;
  readonly clients: AwsClients;
  /** The site's time; the wall's on AWS. */
  readonly clock: Clock;
  readonly timeScale: number;
  /** True where requests stay on this machine. */
  readonly loopback: boolean;
  /** Deploys a template where a site may do so by itself (the lab that a run started); absent where users deploy. */
  readonly deploy?: (deployment: Deployment) => Promise<void>;
  /** Resolves with the reason when a site that this process started is gone by itself. */
  readonly gone: Promise<string>;
  /** Ends what was started for it and closes the clients. */
  close(): Promise<void>;
}
