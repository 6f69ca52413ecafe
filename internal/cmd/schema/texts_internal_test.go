package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
)

// maxSentences limits the text of an attribute: editors show it in a small window. More belongs on a page.
const maxSentences = 2

var (
	codePattern     = regexp.MustCompile("`[^`]*`")
	sentencePattern = regexp.MustCompile(`[.!?](\s+|$)`)
)

// sentences splits a text. Dots in code end no sentence.
func sentences(text string) []string {
	text = codePattern.ReplaceAllStringFunc(text, func(code string) string { return strings.ReplaceAll(code, ".", "_") })
	return slices.DeleteFunc(sentencePattern.Split(text, -1), func(s string) bool { return s == "" })
}

// visitor is called with the attributes of a block or an object, and its path.
type visitor func(path string, attributes map[string]*tfjson.SchemaAttribute)

// eachBlock calls a visitor for the attributes of a block, and of everything in it.
func eachBlock(path string, block *tfjson.SchemaBlock, f visitor) {
	eachObject(path, block.Attributes, f)
	for name, nested := range block.NestedBlocks {
		eachBlock(path+"."+name, nested.Block, f)
	}
}

func eachObject(path string, all map[string]*tfjson.SchemaAttribute, f visitor) {
	f(path, all)
	for name, a := range all {
		if a.AttributeNestedType != nil {
			eachObject(path+"."+name, a.AttributeNestedType.Attributes, f)
		}
	}
}

func TestAttributeTextsAreShort(t *testing.T) {
	t.Parallel()
	schema, err := read(t.Context(), catalog.All())
	if err != nil {
		t.Fatal(err)
	}
	check := func(path string, attributes map[string]*tfjson.SchemaAttribute) {
		used := map[string]string{}
		for name, a := range attributes {
			all := sentences(a.Description)
			if len(all) == 0 || len(all) > maxSentences {
				t.Errorf("%s.%s has %d sentences, want 1 or %d: %s", path, name, len(all), maxSentences, a.Description)
			}
			for _, s := range all {
				if other, ok := used[s]; ok && len(strings.Fields(s)) > 7 {
					t.Errorf("%s.%s repeats a sentence of %s: %s", path, name, other, s)
				}
				used[s] = name
			}
		}
	}
	eachBlock("provider", schema.ConfigSchema.Block, check)
	for _, schemas := range []map[string]*tfjson.Schema{
		schema.ResourceSchemas, schema.DataSourceSchemas, schema.EphemeralResourceSchemas, schema.ListResourceSchemas,
	} {
		for name, s := range schemas {
			eachBlock(name, s.Block, check)
		}
	}
	for name, s := range schema.ActionSchemas {
		eachBlock(name, s.Block, check)
	}
}
