package target

import (
	"html"
	"regexp"
	"strings"
	"unicode/utf8"
)

var (
	// hidden matches what a browser does not show in a page: comments, scripts and the like, to the end if they do not end.
	hidden = regexp.MustCompile(`(?is)<!--.*?(?:-->|$)|<script\b.*?(?:</script[^>]*>?|$)|<style\b.*?(?:</style[^>]*>?|$)` +
		`|<title\b.*?(?:</title[^>]*>?|$)|<template\b.*?(?:</template[^>]*>?|$)`)
	// tag matches a tag, a declaration or an instruction.
	tag = regexp.MustCompile(`(?s)<[a-zA-Z/!?][^>]*(?:>|$)`)
)

// IsSilent reports whether an excerpt has no words to show.
func (e Excerpt) IsSilent() bool { return firstWords(string(e)) == "" }

// firstWords returns the first words of a text or a page on one line, with an ellipsis if there are more.
func firstWords(text string) string {
	text = tag.ReplaceAllString(hidden.ReplaceAllString(text, " "), " ")
	words := strings.Fields(strings.TrimPrefix(html.UnescapeString(text), byteOrderMark))
	if len(words) == 1 && words[0] == "…" { // the text was cut before its first word
		return ""
	}
	var shown strings.Builder
	for i, word := range words {
		if i > 0 {
			shown.WriteString(" ")
		}
		if utf8.RuneCountInString(shown.String())+utf8.RuneCountInString(word) > maxWords {
			return strings.TrimSpace(shown.String()) + "…"
		}
		shown.WriteString(word)
	}
	return shown.String()
}
