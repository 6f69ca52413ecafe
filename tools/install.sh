#!/usr/bin/env bash
# Usage: install.sh VERSION
# Puts bin/terraform-provider-riva where terraform and tofu look for providers before they ask a registry, as both registries
# name it. What was installed there before is replaced: beside a newer version it would only be chosen by mistake.
# https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories
set -euo pipefail
cd "$(dirname "$0")/.."

version=$1
if [[ ! $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]]; then
  echo "VERSION=$version: the version must be three numbers, such as 0.1.0; terraform init chooses no other by itself." >&2
  exit 1
fi
os=$(go env GOOS) arch=$(go env GOARCH)
if [ "$os" = windows ]; then plugins=$APPDATA/terraform.d/plugins; else plugins=$HOME/.terraform.d/plugins; fi

for registry in registry.terraform.io registry.opentofu.org; do
  provider=$plugins/$registry/terraform-provider-riva/riva
  rm -rf "$provider"
  mkdir -p "$provider/$version/${os}_$arch"
  cp bin/terraform-provider-riva "$provider/$version/${os}_$arch/terraform-provider-riva_v$version$(go env GOEXE)"
done
echo "Installed version $version for terraform and tofu in $plugins."
echo "Where another version was in use, terraform init -upgrade changes to this one."
