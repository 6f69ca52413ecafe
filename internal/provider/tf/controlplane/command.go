package controlplane

import (
	"os"
	"strings"
)

// Command is a subcommand of the provider for this control plane, to be pasted into a POSIX shell: the words of the subcommand,
// which can contain spaces, and a name.
func (a *Access) Command(subcommand, name string) string {
	words := []string{executablePath(os.Executable()), subcommand}
	for _, option := range a.CommandOptions {
		if strings.HasPrefix(option, "--") {
			words = append(words, option)
			continue
		}
		words = append(words, shellQuoted(option))
	}
	if strings.HasPrefix(name, "-") {
		words = append(words, "--")
	}
	return strings.Join(append(words, shellQuoted(name)), " ")
}

// executablePath is the command of this provider in a shell. Terraform installs the file below .terraform/providers or in a
// plugin cache, outside PATH and with the version in its name. So this is its path, or the plain name if the path is unknown.
func executablePath(executable string, err error) string {
	if err != nil {
		return "terraform-provider-riva"
	}
	return shellQuoted(executable)
}

// shellQuoted quotes a name for a POSIX shell, so that the command can be pasted with any name.
func shellQuoted(name string) string {
	return "'" + strings.ReplaceAll(name, "'", `'\''`) + "'"
}
