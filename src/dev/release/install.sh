#!/bin/sh
# Installs claude-tmux @VERSION@, one file, into ~/.local/bin: takes the archive for this machine, checks its SHA-256
# against that of the release, tries the program, and puts it there. It needs no root. `sh install.sh --help` says more.
set -eu

# a script that was cut off on its way here does nothing
main() {
  version=@VERSION@
  published=@FILES@
  from=
  prefix=${PREFIX:-}
  target=
  while [ $# -gt 0 ]; do
    case $1 in
      --version | --from | --prefix | --target)
        [ $# -gt 1 ] && [ -n "$2" ] || usage "$1 needs a value"
        case $1 in
          --version) version=${2#v} ;;
          --from) from=$2 ;;
          --prefix) prefix=$2 ;;
          --target) target=$2 ;;
        esac
        shift 2
        ;;
      -h | --help)
        help
        exit
        ;;
      *) usage "unknown argument $1" ;;
    esac
  done
  if [ -z "$prefix" ]; then
    [ -n "${HOME:-}" ] || fail "HOME is not set: say where to install with --prefix"
    prefix=$HOME/.local
  fi
  [ -n "$target" ] || target=$(platform)
  has sha256sum || has shasum || has openssl ||
    fail "none of sha256sum, shasum and openssl is here, so what is taken can't be checked"

  name=claude-tmux-$version-$target
  archive=$name.tar.gz
  [ -n "$from" ] || from=$(beside)
  if [ -z "$from" ]; then
    from=${published%/v@VERSION@}
    [ "$from" = "$published" ] || from=$from/v$version
  fi

  work=$(mktemp -d)
  part=
  trap 'rm -rf "$work" ${part:+"$part"}' EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM

  take SHA256SUMS
  wanted=$(awk -v file="$archive" '$2 == file || $2 == "*" file { print $1 }' "$work/SHA256SUMS")
  [ -n "$wanted" ] || fail "$from has no $archive"
  say "taking $archive from $from"
  take "$archive"
  found=$(sha256 "$work/$archive")
  [ "$found" = "$wanted" ] || fail "$archive is not what was released: its SHA-256 is
  $found, and SHA256SUMS says
  $wanted
Nothing was installed."
  say "SHA-256 $found, as SHA256SUMS says"
  tar -xzf "$work/$archive" -C "$work" "$name/claude-tmux"

  bin=$prefix/bin
  [ ! -d "$bin/claude-tmux" ] || fail "$bin/claude-tmux is a folder"
  mkdir -p "$bin" || fail "$bin can't be made"
  bin=$(CDPATH= cd "$bin" && pwd)
  # a rename leaves a program that runs as it is
  part=$bin/.claude-tmux.$$
  cp "$work/$name/claude-tmux" "$part" || fail "$bin can't be written to"
  chmod 755 "$part"
  answer=$("$part" --version 2>&1) || fail "the program for $target does not run here: $answer$(hint)"
  mv -f "$part" "$bin/claude-tmux"
  say "installed $bin/claude-tmux ($answer)"
  after
}

# The platform of this machine, as the archives are named.
platform() {
  case $(uname -s)-$(uname -m) in
    Linux-x86_64 | Linux-amd64) cpu=linux-x64 ;;
    Linux-aarch64 | Linux-arm64) cpu=linux-arm64 ;;
    Darwin-arm64) cpu=darwin-arm64 ;;
    Darwin-x86_64)
      # a shell for Intel's processors may run on one of Apple's
      if [ "$(sysctl -n sysctl.proc_translated 2>/dev/null)" = 1 ]; then cpu=darwin-arm64; else cpu=darwin-x64; fi
      ;;
    *) fail "there is no program for $(uname -s) on $(uname -m): see README.md for how to build one" ;;
  esac
  case $cpu in
    linux-*)
      if ! getconf GNU_LIBC_VERSION >/dev/null 2>&1 && ls /lib/ld-musl-* >/dev/null 2>&1; then cpu=$cpu-musl; fi
      ;;
  esac
  echo "$cpu"
}

# The folder of this script, if the archive and its checksum are beside it: whoever may put a file into the same folder, as
# into /tmp, is not trusted more than who wrote the script.
beside() {
  case $0 in
    */install.sh) here=${0%/*} ;;
    install.sh) here=. ;;
    *) return 0 ;;
  esac
  ls -nd "$0" "$here/SHA256SUMS" "$here/$archive" 2>/dev/null |
    awk '{ owners[$3] = 1 } END { for (one in owners) count++; exit !(NR == 3 && count == 1) }' || return 0
  (CDPATH= cd "$here" && pwd)
}

# Takes a file of the release into the work folder.
take() {
  case $from in
    http://* | https://*)
      if has curl; then curl -fsSL --retry 3 -o "$work/$1" "$from/$1"
      elif has wget; then wget -q -O "$work/$1" "$from/$1"
      else fail "neither curl nor wget is here: take the files by hand, and name their folder with --from"; fi
      ;;
    *) cp "${from#file://}/$1" "$work/$1" ;;
  esac || fail "$from/$1 can't be had, and nothing was installed.
Without a network: put install.sh, SHA256SUMS and $archive into one folder, and run it there."
}

sha256() {
  if has sha256sum; then sha256sum <"$1"
  elif has shasum; then shasum -a 256 <"$1"
  else openssl dgst -sha256 -r <"$1"; fi | cut -d ' ' -f 1
}

# Why the program may not run.
hint() {
  case $target in
    *-musl*) echo "
It needs libstdc++: apk add libstdc++" ;;
  esac
}

# What is still to be done.
after() {
  program=claude-tmux
  case :$PATH: in
    *:"$bin":*) ;;
    *)
      program=$bin/claude-tmux
      say "$bin is not on your PATH. To have it there, $(path_line)"
      ;;
  esac
  has tmux || say "tmux is not installed; claude-tmux needs version 3.2 or newer"
  say "next: $program doctor; to take it away again: $program uninstall --all, then rm $bin/claude-tmux"
}

# Where the folder is to be named for the shell of this person, and how. Nothing is written there.
path_line() {
  shell=${SHELL:-/bin/sh}
  shell=${shell##*/}
  quoted=$(printf %s "$bin" | sed 's/[\\"$`]/\\&/g')
  export="export PATH=\"$quoted:\$PATH\""
  case $shell-$(uname -s) in
    fish-*) echo "run this once in fish:
  fish_add_path \"$quoted\"" ;;
    zsh-*) echo "add this line to ~/.zshrc, and open a new terminal:
  $export" ;;
    bash-Darwin) echo "add this line to ~/.bash_profile, and open a new terminal:
  $export" ;;
    bash-*) echo "add this line to ~/.bashrc, and open a new terminal:
  $export" ;;
    csh-* | tcsh-*) echo "add this line to ~/.cshrc, and open a new terminal:
  set path = (\"$quoted\" \$path)" ;;
    *) echo "add this line to ~/.profile, and log in again:
  $export" ;;
  esac
}

has() {
  command -v "$1" >/dev/null 2>&1
}

say() {
  echo "claude-tmux: $*"
}

fail() {
  echo "claude-tmux: $*" >&2
  exit 1
}

SYNTAX="sh install.sh [--version V] [--from URL|FOLDER] [--prefix FOLDER] [--target TARGET]"

usage() {
  echo "claude-tmux: $*" >&2
  echo "usage: $SYNTAX" >&2
  exit 2
}

help() {
  cat <<END
Installs claude-tmux, one file. Elsewhere it writes nothing but a temporary folder, which it removes again.

Usage: $SYNTAX

  --version V    another version than $version
  --from F       the folder, or the URL, that has the archive and SHA256SUMS; without it, the folder that this
                 script is in, if it has both, or else where the release is published
  --prefix F     into F/bin; without it \$PREFIX/bin, or ~/.local/bin
  --target T     the archive for that platform, such as linux-x64-musl; without it, the one for this machine
  -h, --help     this text

The archive is taken only if its SHA-256 is that of SHA256SUMS, and the program is put there only if it runs.
Exit codes: 0 installed; 1 not, and what was there stays; 2 wrong usage.
It is not made by Anthropic, nor endorsed by it.
END
}

main "$@"
