package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// resourceName is the resource whose attributes are on several pages: its own page would have those of all target systems.
const resourceName = "riva_connection"

// marker is a line of a page that a reference replaces, such as "<!-- attributes of exchange -->".
var marker = regexp.MustCompile(`(?m)^<!-- (\w+ of \w+) -->$`)

// fill replaces the markers in the pages below a folder. Each reference must have a marker.
func fill(folder string, connection *tfjson.SchemaBlock, systems []*target.System) error {
	references := map[string]string{
		"blocks of " + resourceName:     blocksTable(systems),
		"attributes of " + resourceName: attributesOf(connection),
	}
	for _, system := range systems {
		references["attributes of "+system.Name] = blockOf(connection.NestedBlocks[system.Name])
	}
	placed := map[string]bool{}
	err := filepath.WalkDir(folder, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(file) != ".md" {
			return err
		}
		return fillPage(file, references, placed)
	})
	if err != nil {
		return fmt.Errorf("add the attributes to the pages: %w", err)
	}
	for name := range references {
		if !placed[name] {
			err = errors.Join(err, fmt.Errorf("no page below %s has the line <!-- %s -->", folder, name))
		}
	}
	return err
}

func fillPage(file string, references map[string]string, placed map[string]bool) error {
	page, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	filled := marker.ReplaceAllStringFunc(string(page), func(line string) string {
		name := marker.FindStringSubmatch(line)[1]
		text, known := references[name]
		if !known {
			err = errors.Join(err, fmt.Errorf("%s: nothing is known for %s", file, line))
		}
		placed[name] = true
		return text
	})
	if err != nil || filled == string(page) {
		return err
	}
	return os.WriteFile(file, []byte(filled), 0o644) //nolint:gosec // a page is for everyone
}

// blocksTable lists the blocks of the target systems, with their pages.
func blocksTable(systems []*target.System) string {
	var b strings.Builder
	b.WriteString("| block | target system | kind |\n|---|---|---|\n")
	for _, kind := range []target.Kind{target.Email, target.CRM} {
		for _, system := range systems {
			if system.Kind == kind {
				page := "../guides/target-system-" + system.Name + "#attributes"
				fmt.Fprintf(&b, "| [%#q](%s) | %s | %#q |\n", system.Name, page, system.Title, kind)
			}
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// attributesOf lists the attributes of the resource itself.
func attributesOf(block *tfjson.SchemaBlock) string {
	return sections(block.Attributes, []section{
		{"Required", func(a *tfjson.SchemaAttribute) bool { return a.Required }},
		{"Optional", func(a *tfjson.SchemaAttribute) bool { return a.Optional }},
		{"Read-only", func(a *tfjson.SchemaAttribute) bool { return a.Computed && !a.Optional }},
	})
}

const blockNote = `All are strings. Secrets are [write-only](../resources/connection#secrets): Terraform stores them nowhere.
A change of an attribute that [binds the credentials](../resources/connection#bound-credentials) requires the secrets again.`

// blockOf lists the attributes of the block of a target system.
func blockOf(block *tfjson.SchemaBlockType) string {
	text := sections(block.Block.Attributes, []section{
		{"Required", func(a *tfjson.SchemaAttribute) bool { return a.Required }},
		{"Secrets", func(a *tfjson.SchemaAttribute) bool { return a.WriteOnly }},
		{"Optional", func(a *tfjson.SchemaAttribute) bool { return a.Optional && !a.WriteOnly }},
	})
	return text + "\n\n" + blockNote
}

// section is a part of a reference: the attributes that belong to it.
type section struct {
	title string
	has   func(*tfjson.SchemaAttribute) bool
}

func sections(attributes map[string]*tfjson.SchemaAttribute, all []section) string {
	names := slices.Sorted(maps.Keys(attributes))
	var parts []string
	for _, s := range all {
		var lines []string
		for _, name := range names {
			if a := attributes[name]; s.has(a) {
				lines = append(lines, fmt.Sprintf("- %#q%s — %s", name, typeNote(a), a.Description))
			}
		}
		if lines != nil {
			parts = append(parts, "### "+s.title+"\n\n"+strings.Join(lines, "\n"))
		}
	}
	return strings.Join(parts, "\n\n")
}

// typeNote is the type of an attribute that is not a string.
func typeNote(a *tfjson.SchemaAttribute) string {
	if a.AttributeType == cty.String {
		return ""
	}
	return " (" + a.AttributeType.FriendlyName() + ")"
}
