package main

import (
	"bytes"
	_ "embed"
	"encoding/xml"
	"fmt"
	"os"
	"regexp"
	"strings"
	"text/template"
)

// row is a line of the picture.
type row struct {
	Tone tone
	Text string
	// Stage is when the row appears in its scene: 0 with the scene, 1 after the command, 2 at the end.
	Stage int
	Y     int
}

// frame is one scene in the picture, or the table at the end.
type frame struct {
	Rows []row
	// Delay is when the frame appears, in seconds before the end of a round.
	Delay int
	Last  bool
}

const (
	frameSeconds = 7
	rowHeight    = 20
	firstRow     = 64 // below the bar of the window
)

//go:embed picture.svg.tmpl
var pictureText string

var pictureTemplate = template.Must(template.New("picture").Funcs(template.FuncMap{"text": escape}).Parse(pictureText))

func escape(text string) (string, error) {
	var b bytes.Buffer
	err := xml.EscapeText(&b, []byte(text))
	return b.String(), err
}

// writePicture writes a moving picture of the scenes that were played, one frame for each.
func writePicture(file string, all []played) error {
	text, err := picture(all)
	if err != nil {
		return fmt.Errorf("draw the picture: %w", err)
	}
	if err := os.WriteFile(file, text, 0o644); err != nil { //nolint:gosec // it is a file of the repository
		return fmt.Errorf("write the picture: %w", err)
	}
	return nil
}

func picture(all []played) ([]byte, error) {
	frames := make([]frame, 0, len(all)+1)
	for i, p := range all {
		frames = append(frames, frame{Rows: sceneRows(i+1, len(all), p)})
	}
	end := make([]row, 0, len(all)+1)
	end = append(end, row{Tone: title, Text: "━━ What you saw"})
	for _, p := range all {
		end = append(end, row{Tone: good, Text: "✔ " + p.headline})
	}
	frames = append(frames, frame{Rows: end, Last: true})
	length, most := len(frames)*frameSeconds, 0
	for i := range frames {
		frames[i].Delay = length - i*frameSeconds
		most = max(most, len(frames[i].Rows))
		for n := range frames[i].Rows {
			frames[i].Rows[n].Y = firstRow + n*rowHeight
		}
	}
	percent := func(seconds float64) string { return fmt.Sprintf("%.3f%%", 100*seconds/float64(length)) }
	var b bytes.Buffer
	err := pictureTemplate.Execute(&b, map[string]any{
		"Frames": frames, "Length": length, "Height": firstRow + most*rowHeight, "FrameHeight": firstRow + most*rowHeight - 1,
		"End": percent(frameSeconds), "Output": percent(1), "Proof": percent(2.5),
	})
	return b.Bytes(), err
}

func sceneRows(number, total int, p played) []row {
	rows := []row{
		{Tone: title, Text: fmt.Sprintf("━━ %d/%d  %s", number, total, p.headline)}, {Tone: plain, Text: p.sentence},
	}
	stage := 0
	for _, part := range p.parts {
		if part.comment != "" {
			rows = append(rows, row{Tone: dim, Text: "# " + part.comment, Stage: stage})
		}
		rows = append(rows, row{Tone: strong, Text: "$ " + part.command, Stage: stage})
		stage = 1
		for _, line := range part.shown {
			rows = append(rows, row{Tone: toneOf(line), Text: "│ " + stable(line), Stage: stage})
		}
		rows = append(rows, row{Tone: dim, Text: "… the other lines are in the log", Stage: stage})
	}
	if p.found != "" {
		rows = append(rows, row{Tone: plain, Text: "│ " + p.found, Stage: stage})
	}
	return append(rows, row{Tone: good, Text: "✔ " + p.proof, Stage: 2})
}

// changing is what differs between two runs and two machines.
var changing = []struct {
	pattern     *regexp.Regexp
	replacement string
}{
	{regexp.MustCompile(`\d{4}-\d\d-\d\dT[\d:.]+Z`), "…"},
	{regexp.MustCompile(`127\.0\.0\.1:\d+`), "127.0.0.1"},
	{regexp.MustCompile(`\d+m?s\b`), "…"},
	// The user who runs the demo, in the audit trail.
	{regexp.MustCompile(`^\S+@\S+( {2}(?:policy|connection|authorization)\.)`), "you@here$1"},
	{regexp.MustCompile(`(with the link that) \S+ `), "$1 you@here "},
}

// stable replaces what differs in a line.
func stable(line string) string {
	for _, c := range changing {
		line = c.pattern.ReplaceAllString(line, c.replacement)
	}
	return strings.TrimRight(line, " ")
}
