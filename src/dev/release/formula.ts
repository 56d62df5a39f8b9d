import { LICENSE, SUMMARY, VERSION } from "../../lib/self.ts";
import { NOT_ANTHROPIC, type Place } from "./about.ts";
import type { Target } from "./targets.ts";

/** An archive that Homebrew may install. */
export interface Bottled {
  brew: NonNullable<Target["brew"]>;
  /** the archive's file name */
  file: string;
  sha256: string;
}

/** The formula of Homebrew (docs.brew.sh, Formula Cookbook) for these archives. Pure. */
export function formula(archives: readonly Bottled[], { home, files }: Place): string {
  const system = (os: "macos" | "linux") => {
    const own = archives.filter(({ brew }) => brew.os === os);
    const blocks = own.map(
      ({ brew, file, sha256 }) => `    on_${brew.cpu} do
      url "${files}/${file}"
      sha256 "${sha256}"
    end`,
    );
    return blocks.length === 0 ? [] : [`  on_${os} do\n${blocks.join("\n")}\n  end`];
  };
  const facts = [
    `  desc "${SUMMARY}"`,
    ...(home === undefined ? [] : [`  homepage "${home}"`]),
    `  version "${VERSION}"`,
    `  license "${LICENSE}"`,
  ];
  return `# ${NOT_ANTHROPIC}
class ClaudeTmux < Formula
${facts.join("\n")}

  depends_on "tmux"

${[...system("macos"), ...system("linux")].join("\n\n")}

  def install
    bin.install "claude-tmux"
    man1.install Dir["docs/man/*.1"]
    bash_completion.install "completions/claude-tmux"
    zsh_completion.install "completions/_claude-tmux"
    fish_completion.install "completions/claude-tmux.fish"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/claude-tmux --version")
  end
end
`;
}
