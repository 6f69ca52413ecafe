package person

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// Page is what a browser shows.
type Page struct {
	URL    *url.URL
	Status int
	// Callback is the address at the client that the browser was about to open. The page has nothing else then.
	Callback string
	// Title and Heading are those of the page, Alert is its text for a rejected form. Text is everything that is visible.
	Title, Heading, Alert, Text string
	// Links are the addresses of the links, by label.
	Links map[string]string
	// Fields and Buttons are those of all forms, in reading order.
	Fields  []Field
	Buttons []Button

	browser *Browser
	forms   []form
}

// Field is an input of a form.
type Field struct {
	Name, Type, Value, Autocomplete string
	Checked                         bool

	form int
}

// Button is a button of a form.
type Button struct {
	Name, Value, Label string

	form int
}

type form struct{ method, action string }

// parse reads a page.
func parse(b *Browser, response *http.Response, body []byte) (*Page, error) {
	root, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("read the page: %w", err)
	}
	p := &Page{URL: response.Request.URL, Status: response.StatusCode, Links: map[string]string{}, browser: b}
	for node := range root.Descendants() {
		if node.Type == html.ElementNode {
			p.add(node)
		}
	}
	return p, nil
}

// add adds an element.
func (p *Page) add(node *html.Node) {
	if attribute(node, "role") == "alert" {
		p.Alert = text(node)
	}
	switch node.Data {
	case "title":
		p.Title = text(node)
	case "h1":
		p.Heading = text(node)
	case "body":
		p.Text = text(node)
	case "a":
		p.Links[text(node)] = attribute(node, "href")
	case "form":
		p.forms = append(p.forms, form{strings.ToUpper(attribute(node, "method")), attribute(node, "action")})
	case "input":
		p.Fields = append(p.Fields, Field{
			Name: attribute(node, "name"), Type: attribute(node, "type"), Value: attribute(node, "value"),
			Autocomplete: attribute(node, "autocomplete"), Checked: has(node, "checked"), form: len(p.forms) - 1,
		})
	case "button":
		p.Buttons = append(p.Buttons, Button{attribute(node, "name"), attribute(node, "value"), text(node), len(p.forms) - 1})
	}
}

// Fill sets the value of the fields that match.
func (p *Page) Fill(matches func(Field) bool, value string) {
	for i := range p.Fields {
		if matches(p.Fields[i]) {
			p.Fields[i].Value = value
		}
	}
}

// Check sets or clears the check boxes with a value.
func (p *Page) Check(value string, checked bool) {
	for i := range p.Fields {
		if p.Fields[i].Type == "checkbox" && p.Fields[i].Value == value {
			p.Fields[i].Checked = checked
		}
	}
}

// Button returns the first button with a label or value; nil if the page has none.
func (p *Page) Button(name string) *Button {
	i := slices.IndexFunc(p.Buttons, func(b Button) bool { return b.Label == name || b.Value == name })
	if i < 0 {
		return nil
	}
	return &p.Buttons[i]
}

// Press presses a button, found by its label or value, and returns the next page.
func (p *Page) Press(ctx context.Context, name string) (*Page, error) {
	button := p.Button(name)
	if button == nil || button.form < 0 {
		return nil, fmt.Errorf("the page %q has no form with the button %q", p.Heading, name)
	}
	values := url.Values{}
	for _, field := range p.Fields {
		if field.form == button.form && field.Name != "" && (field.Type != "checkbox" || field.Checked) {
			values.Add(field.Name, field.Value)
		}
	}
	if button.Name != "" {
		values.Add(button.Name, button.Value)
	}
	form := p.forms[button.form]
	target, err := p.URL.Parse(form.action)
	if err != nil {
		return nil, fmt.Errorf("the form of the page %q: %w", p.Heading, err)
	}
	if form.method == http.MethodPost {
		return p.browser.send(ctx, http.MethodPost, target.String(), values)
	}
	target.RawQuery = values.Encode()
	return p.browser.send(ctx, http.MethodGet, target.String(), nil)
}

func has(node *html.Node, name string) bool {
	return slices.ContainsFunc(node.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func attribute(node *html.Node, name string) string {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// text returns the visible text of an element, with single spaces.
func text(node *html.Node) string {
	var words []string
	for child := range node.Descendants() {
		if child.Type == html.TextNode && child.Parent.Data != "style" && child.Parent.Data != "script" {
			words = append(words, strings.Fields(child.Data)...)
		}
	}
	return strings.Join(words, " ")
}
