import { VERSION } from "../../lib/self.ts";

/** Who did not make it: its name has one of theirs in it. */
export const NOT_ANTHROPIC = "It is not made by Anthropic, nor endorsed by it. Claude is a trademark of Anthropic.";

/** Where a release is published, and where its files are then. */
export interface Place {
  /** the page of the project; undefined where nothing is published */
  home: string | undefined;
  /** the address that GitHub gives to who publishes it; undefined where nothing is published */
  mail: string | undefined;
  /** the folder of the files of this version, a URL without a slash at its end */
  files: string;
}

/**
 * Where a release of this version goes: to the repository on GitHub whose workflow makes it, or nowhere, and then it is
 * installed from where it was made. Pure.
 * @param repository owner/name, as GITHUB_REPOSITORY has it
 * @param folder the absolute path of the folder that it is made in
 */
export function placeOf(repository: string | undefined, folder: string): Place {
  if (!repository) return { home: undefined, mail: undefined, files: `file://${folder}` };
  const home = `https://github.com/${repository}`;
  const mail = `${repository.split("/")[0]}@users.noreply.github.com`;
  return { home, mail, files: `${home}/releases/download/v${VERSION}` };
}
