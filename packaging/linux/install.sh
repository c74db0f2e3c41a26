#!/bin/sh
# Install Margent for you alone, or take it away again with --remove. Nothing needs an administrator. Your library, in
# ~/.local/share/margent, is not touched by either.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
data=${XDG_DATA_HOME:-$HOME/.local/share}
program=$HOME/.local/lib/margent
command=$HOME/.local/bin/margent
entry=$data/applications/margent.desktop
metainfo=$data/metainfo/org.margent.margent.metainfo.xml

remove() {
    rm -rf "$program"
    rm -f "$command" "$entry" "$metainfo" "$data"/icons/hicolor/*/apps/margent.png "$data"/icons/hicolor/*/apps/margent.svg
}

refresh() {
    if command -v update-desktop-database >/dev/null; then update-desktop-database -q "$data/applications" || true; fi
}

case ${1-} in
--remove)
    remove
    refresh
    echo "Margent is removed; your library is still in $data/margent."
    exit 0
    ;;
"") ;;
*)
    echo "usage: install.sh [--remove]" >&2
    exit 2
    ;;
esac

remove
mkdir -p "${program%/*}" "${command%/*}" "${entry%/*}" "${metainfo%/*}"
cp -R "$here/margent" "$program"
ln -s "$program/margent" "$command"
cp "$here/org.margent.margent.metainfo.xml" "$metainfo"
{
    grep -v '^Exec=' "$here/margent.desktop"
    printf 'Exec="%s" %%F\n' "$command"
} >"$entry"
for picture in "$here"/icons/margent-*.png; do
    size=${picture##*-}
    size=${size%.png}
    mkdir -p "$data/icons/hicolor/${size}x$size/apps"
    cp "$picture" "$data/icons/hicolor/${size}x$size/apps/margent.png"
done
mkdir -p "$data/icons/hicolor/scalable/apps"
cp "$here/icons/margent.svg" "$data/icons/hicolor/scalable/apps/margent.svg"
refresh
echo "Margent is installed: look in the menu, or run $command"
