package controlplane

import (
	"os"
	"strings"
)

// Command is a command line for a POSIX shell that runs a subcommand of this provider on the embedded control plane. It names the
// data directory and the keyset, so that it works in any directory. The address of a database has a password, so a comment says
// which variable must have it. Name is the object that the subcommand is for.
func (a *Access) Command(subcommand, name string) string {
	words := []string{executablePath(os.Executable()), subcommand}
	if a.NotMade != nil {
		words = append(words, "--data-dir", shellQuoted(a.NotMade.DataDir))
	}
	if a.Keyset != "" {
		words = append(words, "--keyset", shellQuoted(a.Keyset))
	}
	command := strings.Join(append(words, "--", shellQuoted(name)), " ") // a name can begin like an option
	switch {
	case !a.Embedded:
		return "# The environment has RIVA_ENDPOINT, and RIVA_TOKEN or RIVA_CLIENT_ID and RIVA_CLIENT_SECRET.\n  " + command
	case a.Database == "":
		return command
	case a.Keyset == "":
		return "# The environment has RIVA_DATABASE_URL and RIVA_KEYSET_JSON.\n  " + command
	}
	return "# The environment has RIVA_DATABASE_URL.\n  " + command
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
