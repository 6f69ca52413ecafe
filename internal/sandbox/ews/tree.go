package ews

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Namespaces of SOAP and EWS.
const (
	nsSOAP     = "http://schemas.xmlsoap.org/soap/envelope/"
	nsTypes    = "http://schemas.microsoft.com/exchange/services/2006/types"
	nsMessages = "http://schemas.microsoft.com/exchange/services/2006/messages"
	nsErrors   = "http://schemas.microsoft.com/exchange/services/2006/errors"
	nsXSI      = "http://www.w3.org/2001/XMLSchema-instance"
	nsXSD      = "http://www.w3.org/2001/XMLSchema"
)

// maxDepth limits the nesting of a request.
const maxDepth = 100

// element is XML to be written. Its name includes the prefix.
type element struct {
	name     string
	attrs    []string // name, value, name, value …
	text     string
	children []*element
}

// el returns an element. Children that are nil are left out.
func el(name string, children ...*element) *element {
	e := &element{name: name}
	return e.add(children...)
}

// text returns an element with text.
func text(name, value string) *element { return &element{name: name, text: value} }

func (e *element) add(children ...*element) *element {
	for _, child := range children {
		if child != nil {
			e.children = append(e.children, child)
		}
	}
	return e
}

// with adds an attribute.
func (e *element) with(name, value string) *element {
	e.attrs = append(e.attrs, name, value)
	return e
}

func (e *element) write(b *bytes.Buffer) {
	b.WriteString("<" + e.name)
	for i := 0; i < len(e.attrs); i += 2 {
		b.WriteString(" " + e.attrs[i] + `="`)
		escape(b, e.attrs[i+1])
		b.WriteString(`"`)
	}
	if e.text == "" && len(e.children) == 0 {
		b.WriteString("/>")
		return
	}
	b.WriteString(">")
	escape(b, e.text)
	for _, child := range e.children {
		child.write(b)
	}
	b.WriteString("</" + e.name + ">")
}

func escape(b *bytes.Buffer, s string) {
	_ = xml.EscapeText(b, []byte(s)) // a buffer never fails
}

// node is XML that was read. Names have no prefixes.
type node struct {
	space, name string
	attrs       map[string]string
	text        string
	children    []*node
	line        int
}

var errDTD = errors.New("for security reasons DTD is prohibited in this XML document")

// parse reads a document into a tree. Like Exchange it rejects document type declarations.
func parse(document []byte) (*node, error) {
	decoder := xml.NewDecoder(bytes.NewReader(document))
	decoder.Strict = true
	var root *node
	var open []*node
	for {
		token, err := decoder.Token()
		switch {
		case errors.Is(err, io.EOF) && root != nil && len(open) == 0:
			return root, nil
		case errors.Is(err, io.EOF):
			return nil, errors.New("root element is missing")
		case err != nil:
			return nil, err
		}
		switch token := token.(type) {
		case xml.Directive:
			return nil, errDTD
		case xml.StartElement:
			line, _ := decoder.InputPos()
			if open, err = enter(open, newNode(token, line), root != nil); err != nil {
				return nil, err
			}
			root = open[0]
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				open[len(open)-1].text += string(token)
			}
		}
	}
}

// enter adds a node below the innermost open one and opens it.
func enter(open []*node, child *node, hasRoot bool) ([]*node, error) {
	switch {
	case len(open) >= maxDepth:
		return nil, fmt.Errorf("more than %d nested elements", maxDepth)
	case len(open) > 0:
		parent := open[len(open)-1]
		parent.children = append(parent.children, child)
	case hasRoot:
		return nil, errors.New("there are multiple root elements")
	}
	return append(open, child), nil
}

func newNode(start xml.StartElement, line int) *node {
	n := &node{space: start.Name.Space, name: start.Name.Local, attrs: map[string]string{}, line: line}
	for _, attr := range start.Attr {
		if attr.Name.Space != "xmlns" && attr.Name.Local != "xmlns" {
			n.attrs[attr.Name.Local] = attr.Value
		}
	}
	return n
}

// child returns the first child with the name, following a path. A nil node has no children, so callers need no checks.
func (n *node) child(path ...string) *node {
	for _, name := range path {
		if n == nil {
			return nil
		}
		var found *node
		for _, child := range n.children {
			if child.name == name {
				found = child
				break
			}
		}
		n = found
	}
	return n
}

// value returns the text of a node without surrounding white space; empty for nil.
func (n *node) value() string {
	if n == nil {
		return ""
	}
	return strings.TrimSpace(n.text)
}

// attr returns the value of an attribute; empty for nil.
func (n *node) attr(name string) string {
	if n == nil {
		return ""
	}
	return n.attrs[name]
}

// all returns the children; nil for nil.
func (n *node) all() []*node {
	if n == nil {
		return nil
	}
	return n.children
}
