package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/standins"
)

// quickstart has the systems of examples/quickstart.
const quickstart = "exchange,salesforce"

// settings has the command line flags.
type settings struct {
	systems   []serverOptions
	control   string // address
	secure    bool
	variables string // file
}

// serverOptions is a stand-in to start, with its addresses. An empty address means a free port.
type serverOptions struct {
	standins.Entry
	address string
	sites   map[string]string
}

// parse reads the command line. For -help, it prints the help and returns no settings.
func parse(args []string, out io.Writer) (*settings, error) {
	o, names, addresses := &settings{}, quickstart, []string{}
	flags := flag.NewFlagSet("sandbox", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // errors are returned, and the usage is printed for -help only
	flags.StringVar(&names, "systems", quickstart,
		"`names` of the target systems to start stand-ins for, separated by commas; or all: "+knownSystems())
	flags.Func("listen", "loopback addresses as `system=host:port`, or system/site=host:port for an additional site, separated "+
		"by commas or in several flags; without it, free ports are used", func(value string) error {
		addresses = append(addresses, strings.Split(value, ",")...)
		return nil
	})
	flags.StringVar(&o.control, "control", "127.0.0.1:0", "loopback `address` of the control endpoint")
	flags.BoolVar(&o.secure, "tls", false, "use https, with certificate authorities created at the start")
	flags.StringVar(&o.variables, "tfvars", "", "write Terraform variables to this `file`, and remove it at the end")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		flags.SetOutput(out)
		flags.Usage()
		return nil, nil //nolint:nilnil // no settings mean that there is nothing to do
	case err != nil:
		return nil, fmt.Errorf("%w (-help lists the flags)", err)
	case flags.NArg() > 0:
		return nil, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if err := o.selectSystems(names); err != nil {
		return nil, err
	}
	for _, address := range addresses {
		if err := o.setAddress(address); err != nil {
			return nil, fmt.Errorf("-listen %s: %w", address, err)
		}
	}
	return o, nil
}

// knownSystems lists all systems, with their additional sites in parentheses.
func knownSystems() string {
	all := standins.All()
	names := make([]string, 0, len(all))
	for _, s := range all {
		name := s.Name
		if len(s.Sites) > 0 {
			name += " (" + strings.Join(s.Sites, ", ") + ")"
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

// selectSystems selects systems, in the order of the names.
func (o *settings) selectSystems(names string) error {
	if names == "all" {
		for _, s := range standins.All() {
			o.systems = append(o.systems, serverOptions{Entry: s})
		}
		return nil
	}
	for name := range strings.SplitSeq(names, ",") {
		name = strings.TrimSpace(name)
		s, ok := standins.Lookup(name)
		switch {
		case !ok:
			return fmt.Errorf("-systems: unknown system %q: the stand-ins are %s", name, knownSystems())
		case o.find(name) != nil:
			return fmt.Errorf("-systems: %s is listed twice", name)
		}
		o.systems = append(o.systems, serverOptions{Entry: s})
	}
	return nil
}

// setAddress sets the address of a system, or of one of its sites.
func (o *settings) setAddress(text string) error {
	key, address, _ := strings.Cut(strings.TrimSpace(text), "=")
	name, site, hasSite := strings.Cut(key, "/")
	system := o.find(name)
	if system == nil {
		return fmt.Errorf("%q is not one of the systems that are started", name)
	}
	if err := sandbox.CheckLoopback(address); err != nil {
		return err
	}
	if !hasSite {
		system.address = address
		return nil
	}
	if !slices.Contains(system.Sites, site) {
		return fmt.Errorf("%s has no site %q; its sites are %q", name, site, system.Sites)
	}
	if system.sites == nil {
		system.sites = map[string]string{}
	}
	system.sites[site] = address
	return nil
}

func (o *settings) find(name string) *serverOptions {
	i := slices.IndexFunc(o.systems, func(c serverOptions) bool { return c.Name == name })
	if i < 0 {
		return nil
	}
	return &o.systems[i]
}
