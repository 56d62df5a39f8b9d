/** Does as Claude Code does with its files: one for the process, from its start to its exit, and a transcript from the first prompt on. */
export const AGENT = `#!/bin/sh
folder=\${CLAUDE_CONFIG_DIR:-$HOME/.claude}
mkdir -p "$folder/sessions" "$folder/projects/-work"
start=$(cut -d' ' -f22 /proc/$$/stat)
conversation=$(cat /proc/sys/kernel/random/uuid)
if [ "$1" = --resume ]; then
  conversation=$2
  cat "$folder/projects/-work/$conversation.jsonl" || exit 1
fi
keep() {
  echo "{\\"pid\\":$$,\\"sessionId\\":\\"$conversation\\",\\"procStart\\":\\"$start\\",\\"kind\\":\\"interactive\\"}" > "$folder/sessions/$$.json"
}
keep
while read -r line; do
  case $line in
    /clear) conversation=$(cat /proc/sys/kernel/random/uuid); keep ;;
    /exit) rm "$folder/sessions/$$.json"; exit ;;
    *) echo "$line" >> "$folder/projects/-work/$conversation.jsonl" ;;
  esac
done
`;

/** Runs each line that it is given, as agents run their hooks. */
export const HOOKED = `#!/bin/sh
while read -r line; do sh -c "$line"; done
`;
