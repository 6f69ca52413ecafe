package main

import (
	"bytes"
	"encoding/xml"
	"os"
	"slices"
	"strings"
	"testing"
)

func TestExcerptHasLinesThatMatterInTheirOrder(t *testing.T) {
	t.Parallel()
	output := "one\n\ntwo: Creation complete after 0s [id=1]\nthree\nfour\nfive\n"
	shown, folded := excerpt(output, lines(`^four`, `^two`, `^absent`))
	if !slices.Equal(shown, []string{"four", "two: Creation complete"}) || folded != 3 {
		t.Errorf("the excerpt is %q with %d folded lines", shown, folded)
	}
	shown, folded = excerpt(output, lines(`^absent`))
	if !slices.Equal(shown, []string{"two: Creation complete", "three", "four", "five"}) || folded != 1 {
		t.Errorf("without a match, the excerpt is %q with %d folded lines", shown, folded)
	}
}

func TestScreenHasColorsOnlyIfWanted(t *testing.T) {
	t.Parallel()
	for _, colors := range []bool{false, true} {
		var out bytes.Buffer
		s := &screen{out: &out, colors: colors}
		s.begin(1, 1, "Headline", "Sentence.")
		s.command("", "terraform plan")
		s.output([]string{"Error: no"}, 2)
		if err := s.end("", "Proof.", true); err != nil {
			t.Error(err)
		}
		if got := strings.Contains(out.String(), "\x1b"); got != colors {
			t.Errorf("with colors %v, the output has escape sequences: %v", colors, got)
		}
		for _, want := range []string{"━━ 1/1  Headline", "$ terraform plan", "… 2 lines more", "✔ Proof."} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("the output lacks %q:\n%s", want, &out)
			}
		}
	}
	if colored(os.Stdout, func(string) string { return "1" }) {
		t.Error("NO_COLOR is set, and there are colors")
	}
}

func TestFailureShowsTheWholeOutput(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	(&screen{out: &out}).failure("first line\nlast line\n")
	if got := out.String(); !strings.Contains(got, "first line\nlast line\n") || strings.Contains(got, "✔") {
		t.Errorf("a failure shows %q", got)
	}
}

// The picture in the README is a recording of the present scenes.
func TestPictureIsOfThePresentScenes(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../../.github/pictures/demo.svg")
	if err != nil {
		t.Fatal(err)
	}
	if len(text) > 150_000 {
		t.Errorf("the picture has %d bytes", len(text))
	}
	var document struct {
		Frames []struct {
			Rows []struct {
				Class string `xml:"class,attr"`
				Text  string `xml:",chardata"`
			} `xml:"text"`
		} `xml:"g"`
	}
	if err := xml.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	scenes := allScenes()
	if len(document.Frames) != len(scenes)+1 {
		t.Fatalf("the picture has %d frames, want one for each of %d scenes and the table", len(document.Frames), len(scenes))
	}
	for i, s := range scenes {
		var commands []string
		for _, row := range document.Frames[i].Rows {
			if line, ok := strings.CutPrefix(row.Text, "$ "); ok {
				_, arguments, _ := strings.Cut(line, " ")
				commands = append(commands, arguments)
			}
		}
		var want []string
		for _, c := range s.commands {
			want = append(want, strings.Join(c.args, " "))
		}
		if first := document.Frames[i].Rows[0].Text; !strings.HasSuffix(first, "  "+s.headline) || !slices.Equal(commands, want) {
			t.Errorf("frame %d is %q with %q, want %q with %q: run make demo-picture", i+1, first, commands, s.headline, want)
		}
	}
}
