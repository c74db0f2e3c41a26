#!/bin/sh
# Pack dist/margent, as margent.spec made it, with what install.sh needs: dist/margent-VERSION-linux-MACHINE.tar.xz
set -eu
cd "$(dirname "$0")/../.."

version=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' desktop/margent/__init__.py)
name=margent-$version-linux-$(uname -m)
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
mkdir -p "$stage/$name/icons"
cp -R dist/margent "$stage/$name/margent"
cp packaging/linux/install.sh packaging/linux/margent.desktop packaging/linux/*.xml "$stage/$name"
cp packaging/icons/margent-*.png packaging/icons/margent.svg "$stage/$name/icons"
XZ_OPT=-T0 tar -C "$stage" --owner=0 --group=0 -cJf "dist/$name.tar.xz" "$name"
echo "dist/$name.tar.xz"
