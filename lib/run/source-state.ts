import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { SourceState } from '../record/types.ts';

/** Where CI systems name the branch of a detached head: of a pull request its own branch first. */
const branchVariables = ['GITHUB_HEAD_REF', 'GITHUB_REF_NAME', 'CI_COMMIT_REF_NAME', 'BUILDKITE_BRANCH', 'CIRCLE_BRANCH', 'BRANCH_NAME'] as const;

/** The commit, branch and cleanness of the repository that `folder` lies in; undefined without git or outside of a repository. */
export async function sourceState(folder: string, env: Readonly<Record<string, string | undefined>>): Promise<SourceState | undefined> {
  const git = async (...args: string[]): Promise<string> => (await promisify(execFile)('git', args, { cwd: folder, timeout: 10_000 })).stdout.trim();
  try {
    const commit = await git('rev-parse', 'HEAD');
    const named = branchVariables.map((name) => env[name]).find((each) => each !== undefined && each !== '');
    const branch = (await git('branch', '--show-current')) || named;
    const dirty = (await git('status', '--porcelain', '--untracked-files=no')) !== '';
    return { commit, ...(branch ? { branch } : {}), dirty };
  } catch {
    return undefined;
  }
}
