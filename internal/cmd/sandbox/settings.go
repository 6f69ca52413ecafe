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

// quickstart are the systems of examples/quickstart.
const quickstart = "exchange,salesforce"

// settings are what the command line says.
type settings struct {
	systems   []chosen
	control   string // address
	secure    bool
	variables string // file
}

// chosen is a stand-in to start, and where; addresses that were not given are free ports.
type chosen struct {
	standins.Entry
	address string
	sites   map[string]string
}

// parse reads the command line. Who asks for help gets it, and no settings.
func parse(args []string, out io.Writer) (*settings, error) {
	o, names, places := &settings{}, quickstart, []string{}
	flags := flag.NewFlagSet("sandbox", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // the error is returned, the usage only shown to those who ask
	flags.StringVar(&names, "systems", quickstart,
		"`names` of the target systems to stand in for, with commas between; or all: "+known())
	flags.Func("listen", "loopback addresses as `system=host:port`, or system/site=host:port for a further site, with commas "+
		"between or as several flags; the others are free ports", func(value string) error {
		places = append(places, strings.Split(value, ",")...)
		return nil
	})
	flags.StringVar(&o.control, "control", "127.0.0.1:0", "loopback `address` of the control endpoint")
	flags.BoolVar(&o.secure, "tls", false, "speak https, with certificate authorities made at the start")
	flags.StringVar(&o.variables, "tfvars", "", "write Terraform variables to this `file`, which is removed at the end")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		flags.SetOutput(out)
		flags.Usage()
		return nil, nil //nolint:nilnil // no settings: there is nothing to do, and nothing is wrong
	case err != nil:
		return nil, fmt.Errorf("%w (-help lists the flags)", err)
	case flags.NArg() > 0:
		return nil, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if err := o.choose(names); err != nil {
		return nil, err
	}
	for _, place := range places {
		if err := o.place(place); err != nil {
			return nil, fmt.Errorf("-listen %s: %w", place, err)
		}
	}
	return o, nil
}

// known names all systems and, in brackets, their further sites.
func known() string {
	var names []string
	for _, s := range standins.All() {
		name := s.Name
		if len(s.Sites) > 0 {
			name += " (" + strings.Join(s.Sites, ", ") + ")"
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

// choose takes the systems named, in the order of the names.
func (o *settings) choose(names string) error {
	if names == "all" {
		for _, s := range standins.All() {
			o.systems = append(o.systems, chosen{Entry: s})
		}
		return nil
	}
	for name := range strings.SplitSeq(names, ",") {
		name = strings.TrimSpace(name)
		s, ok := standins.Lookup(name)
		switch {
		case !ok:
			return fmt.Errorf("-systems: there is no stand-in for %q, only %s", name, known())
		case o.find(name) != nil:
			return fmt.Errorf("-systems: %s is there twice", name)
		}
		o.systems = append(o.systems, chosen{Entry: s})
	}
	return nil
}

// place gives a system, or one of its sites, an address.
func (o *settings) place(given string) error {
	where, address, _ := strings.Cut(strings.TrimSpace(given), "=")
	name, site, further := strings.Cut(where, "/")
	system := o.find(name)
	if system == nil {
		return fmt.Errorf("%q is not among the systems that are started", name)
	}
	if err := sandbox.CheckLoopback(address); err != nil {
		return err
	}
	if !further {
		system.address = address
		return nil
	}
	if !slices.Contains(system.Sites, site) {
		return fmt.Errorf("%s has no site %q, only %q", name, site, system.Sites)
	}
	if system.sites == nil {
		system.sites = map[string]string{}
	}
	system.sites[site] = address
	return nil
}

func (o *settings) find(name string) *chosen {
	i := slices.IndexFunc(o.systems, func(c chosen) bool { return c.Name == name })
	if i < 0 {
		return nil
	}
	return &o.systems[i]
}
