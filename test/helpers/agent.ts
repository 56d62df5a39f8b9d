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

/**
 * Does as Claude Code does while it asks for a permission: keeps its file, draws the dialog, and moves with the arrows. What was
 * chosen is written down. With $DISTRACTED it asks something else when a key is pressed; $STATUS and $WAITS are what its file says at first.
 */
export const ASKING_AGENT = `#!/bin/bash
start=$(cut -d' ' -f22 /proc/$$/stat)
mkdir -p "$HOME/.claude/sessions"
keep() {
  printf '{"pid":%d,"sessionId":"0d6f8a3e-3a55-4a0c-9a65-5f0b1f6a7c11","procStart":"%s","status":"%s","waitingFor":"%s"}' \\
    $$ "$start" "$1" "$2" > "$HOME/.claude/sessions/$$.json.part"
  mv "$HOME/.claude/sessions/$$.json.part" "$HOME/.claude/sessions/$$.json"
}
choices=("Yes" "Yes, and always allow it" "No")
at=0
draw() {
  printf '\\033[2J\\033[H Do you want to proceed?\\n'
  for i in \${!choices[@]}; do
    [ $i = $at ] && mark=\u276f || mark=' '
    printf ' %s %d. %s\\n' "$mark" $((i + 1)) "\${choices[i]}"
  done
  printf '\\n Esc to cancel\\n'
}
stty -echo
draw
keep "\${STATUS:-waiting}" "\${WAITS:-permission prompt}"
while IFS= read -rsn1 key; do
  case $key in
    $'\\033')
      key=
      read -rsn2 -t 0.05 key
      if [ -n "$DISTRACTED" ]; then choices=("Delete all" "Keep all"); at=0; draw; continue; fi
      case $key in
        '[A'|OA) at=$(( at > 0 ? at - 1 : 0 )); draw ;;
        '[B'|OB) at=$(( at < \${#choices[@]} - 1 ? at + 1 : at )); draw ;;
        '') echo refused >> "$HOME/chosen"; printf '\\033[2J\\033[H'; keep idle "" ;;
      esac ;;
    '') echo "\${choices[at]}" >> "$HOME/chosen"; printf '\\033[2J\\033[H'; keep busy "" ;;
  esac
done
`;
