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
 * chosen is written down. With $DISTRACTED it asks something else when a key is pressed; with $OWN it asks a question, and takes words;
 * with $MODE it offers to make automatic permissions its default; $STATUS and $WAITS are what its file says at first.
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
[ -n "$OWN" ] && choices=("Red" "Blue" "Type something.")
at=0
draw() {
  if [ -n "$MODE" ]; then
    printf '\\033[2J\\033[H  %s\\n  \u276f Yes, set auto mode as my %s\\n    No, keep manual mode\\n' \\
      'Make auto mode your default permission mode?' 'default permission mode'
    return
  fi
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
    *)
      [ -z "$OWN" ] || [ $at != 2 ] && continue
      [ "\${choices[2]}" = "Type something." ] && choices[2]=
      choices[2]+=$key
      draw ;;
  esac
done
`;

/** Does as Claude Code does with its file: each line that it is given is the status that it keeps from then on, and the next one is later. */
export const CLAUDE = `#!/bin/bash
mkdir -p "$HOME/.claude/sessions"
start=$(cut -d' ' -f22 /proc/$$/stat)
at=1796000000000
while read -r status for; do
  [ "$status" = none ] && rm -f "$HOME/.claude/sessions/$$.json" && continue
  printf '{"pid":%d,"sessionId":"0d6f8a3e-3a55-4a0c-9a65-5f0b1f6a7c11","procStart":"%s","status":"%s","waitingFor":"%s","statusUpdatedAt":%d}' \\
    $$ "$start" "$status" "$for" $((at++)) > "$HOME/.claude/sessions/$$.json.part"
  mv "$HOME/.claude/sessions/$$.json.part" "$HOME/.claude/sessions/$$.json"
done
`;

/** Does as codex and gemini do: each line that it is given is the title that it sets. */
export const TITLED = `#!/bin/bash
while read -r title; do printf '\\033]2;%s\\007' "$title"; done
`;

/** Does as codex does in its output: each line that it is given is what it tells of itself. */
export const TELLING = `#!/bin/bash
while read -r status; do printf '\\033]7501;%s\\007' "$status"; done
`;

/** Shows a progress bar and nothing else: each line that it is given is what that is set to. */
export const BARRED = `#!/bin/bash
while read -r bar; do printf '\\033]9;4;%s\\007' "$bar"; done
`;

/**
 * Does as opencode does while it asks for a permission: draws the dialog, in which colours alone tell what is selected, and hears
 * clicks and Escape. What was chosen is written down. With $SUBAGENT it asks why, when it is refused; with $DEAF it hears no clicks;
 * with $WRITING, when it was allowed, it shows somebody who writes why they refuse something else; with $AGAIN it asks the same once
 * more when it was allowed.
 */
export const ROW_AGENT = `#!/bin/bash
stty -echo
draw() {
  printf '\\033[2J\\033[H\\n  \u2503\\n  \u2503  \u25b3 Permission required\\n  \u2503    # Shell command\\n  \u2503\\n  \u2503  $ touch x\\n  \u2503\\n'
  printf '  \u2503   Allow once   Allow always   Reject        ctrl+f fullscreen  \u21c6 select  enter confirm\\n  \u2503\\n'
}
draw
[ -n "$DEAF" ] || printf '\\033[?1003h\\033[?1006h'
end() {
  echo "$1" >> "$HOME/chosen"
  [ -n "$AGAIN" ] && draw && return
  printf '\\033[2J\\033[H\\033[?1003l\\033[?1006l'
  sleep 600
}
refuse() {
  printf '\\033[2J\\033[H  \u2503  \u25b3 Reject permission\\n  \u2503  Tell OpenCode what to do differently\\n  \u2503   enter confirm  esc cancel\\n'
  read -rsn1 key
  end "refused \${key:-silently}"
}
while IFS= read -rsn1 key; do
  [ "$key" = $'\\033' ] || end "key \${key:-Enter}"
  click=
  while IFS= read -rsn1 -t 0.1 part; do
    click=$click$part
    [[ $part == [Mm] ]] && break
  done
  case $click in
    *'[<0;7;8m')
      [ -z "$WRITING" ] || { echo once >> "$HOME/chosen"; refuse; }
      end once ;;
    *'[<0;35;8m'|'')
      [ -n "$SUBAGENT" ] || end refused
      refuse ;;
    *M) ;;
    *) end "$click" ;;
  esac
done
`;
