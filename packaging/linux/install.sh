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
kinds=$data/mime/packages/org.margent.margent.xml

remove() {
    rm -rf "$program"
    rm -f "$command" "$entry" "$metainfo" "$kinds" "$data"/icons/hicolor/*/apps/margent.png "$data"/icons/hicolor/*/apps/margent.svg
}

refresh() {
    if command -v update-desktop-database >/dev/null; then update-desktop-database -q "$data/applications" || true; fi
    if [ -d "$data/mime/packages" ] && command -v update-mime-database >/dev/null; then
        update-mime-database "$data/mime" || true
    fi
}

# What opens a kind of file by default. Menu entries of one's own come before those of the system, so that Margent would
# take over kinds for which nothing was ever chosen; "$defaults" holds what opened each of them before.
defaults=
remember() {
    command -v xdg-mime >/dev/null || return 0
    for kind in $(sed -n 's/^MimeType=//p' "$here/margent.desktop" | tr ';' ' '); do
        before=$(xdg-mime query default "$kind" 2>/dev/null || true)
        if [ -n "$before" ] && [ "$before" != margent.desktop ]; then defaults="$defaults $kind=$before"; fi
    done
}
leave() {
    for pair in $defaults; do
        now=$(xdg-mime query default "${pair%%=*}" 2>/dev/null || true)
        if [ "$now" = margent.desktop ]; then xdg-mime default "${pair#*=}" "${pair%%=*}" || true; fi
    done
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

remember
remove
mkdir -p "${program%/*}" "${command%/*}" "${entry%/*}" "${metainfo%/*}" "${kinds%/*}"
cp -R "$here/margent" "$program"
ln -s "$program/margent" "$command"
cp "$here/org.margent.margent.metainfo.xml" "$metainfo"
cp "$here/org.margent.margent.mime.xml" "$kinds"
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
leave
echo "Margent is installed: look in the menu, or run $command"
