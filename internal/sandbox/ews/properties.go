package ews

import (
	"slices"
	"strconv"
	"strings"
)

// level is the smallest base shape that includes a property.
type level int

const (
	idOnly level = iota
	byDefault
	always    // with AllProperties
	onRequest // only if the request names it
)

// property is a property of a T, with the name that clients use in a request.
type property[T any] struct {
	uri   string // as in FieldURI; empty at the position of extended properties
	level level
	make  func(T) *element // nil if the T has no value
}

// shape is the base shape and the additional properties of a request.
type shape struct {
	base     level
	fields   []string
	extended []*node // ExtendedFieldURI
}

func readShape(n *node) shape {
	s := shape{base: map[string]level{"IdOnly": idOnly, "Default": byDefault, "AllProperties": always}[n.child("BaseShape").value()]}
	for _, path := range n.child("AdditionalProperties").all() {
		if path.name == "ExtendedFieldURI" {
			s.extended = append(s.extended, path)
		} else {
			s.fields = append(s.fields, path.attr("FieldURI"))
		}
	}
	return s
}

// render returns the requested properties in the order of the table, which is the order of the schema.
func render[T any](of T, s shape, table []property[T], extended func(T, string) (string, bool)) []*element {
	var rendered []*element
	for _, p := range table {
		switch {
		case p.uri == "":
			for _, path := range s.extended {
				if value, ok := extended(of, extendedKey(path)); ok {
					rendered = append(rendered, extendedProperty(path, value))
				}
			}
		case p.level <= s.base || slices.Contains(s.fields, p.uri):
			if e := p.make(of); e != nil {
				rendered = append(rendered, e)
			}
		}
	}
	return rendered
}

// extendedKey is the name of an extended property: the tag such as 0x3613, or the name or id in its set.
func extendedKey(path *node) string {
	if tag := path.attr("PropertyTag"); tag != "" {
		if number, err := strconv.ParseUint(tag, 0, 16); err == nil {
			return "0x" + strconv.FormatUint(number, 16)
		}
		return tag
	}
	set := path.attr("DistinguishedPropertySetId") + path.attr("PropertySetId")
	return strings.ToLower(set + "/" + path.attr("PropertyName") + path.attr("PropertyId"))
}

// extendedProperty is a value with the path of the request.
func extendedProperty(path *node, value string) *element {
	uri := el("t:ExtendedFieldURI")
	for _, name := range []string{
		"DistinguishedPropertySetId", "PropertySetId", "PropertyTag", "PropertyName", "PropertyId", "PropertyType",
	} {
		if v := path.attr(name); v != "" {
			uri.with(name, v)
		}
	}
	return el("t:ExtendedProperty", uri, text("t:Value", value))
}

// fixed returns a property whose value is text.
func fixed[T any](name string, value func(T) string) func(T) *element {
	return func(of T) *element {
		if v := value(of); v != "" {
			return text("t:"+name, v)
		}
		return nil
	}
}
