import type { AwsClients } from '../core/aws-clients.ts';
import type { Clock } from '../core/clock.ts';
import type { Manifest } from '../record/types.ts';
import type { SiteFile } from './site-file.ts';

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
  /** Which numbers of config/ a lab has used so far, for the verdict's scope; none on AWS. */
  numbers(): Promise<Manifest['numbers']>;
  /** Resolves with the reason when a site that this process started is gone by itself. */
  readonly gone: Promise<string>;
  /** Tells `listener` each thing that a lab which this process started says of itself, such as a function host that it had to end; those said before, too. */
  onIncident(listener: (text: string) => void): void;
  /** Ends what was started for it and closes the clients. */
  close(): Promise<void>;
}
