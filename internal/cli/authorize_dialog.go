package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"
)

// maxPastedLine limits a line that a person pastes, in bytes. A terminal would cut lines at 1024 or 4096 bytes, which is shorter
// than the codes of some systems, so that it is read without the terminal's line buffer.
const maxPastedLine = 64 << 10

// errInterrupted means that the person pressed Ctrl-C while the terminal sent no signals.
var errInterrupted = errors.New("interrupted at the terminal")

// dialog is what the command says to the person at the terminal, and what the person types.
type dialog struct {
	// out is safe for foreign text; raw is the same without that, for the countdown.
	out, raw io.Writer
	in       io.Reader
	buffered *bufio.Reader
	// animated means that a line can be overwritten, and interactive that a person can answer.
	animated, interactive bool

	// countdown is the line that is shown and will be overwritten; empty if none is.
	countdown string
	// reported is when a countdown was printed last as a line of its own.
	reported time.Time
}

func isTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// printf prints lines, below the countdown.
func (d *dialog) printf(format string, args ...any) {
	d.endCountdown()
	fmt.Fprintf(d.out, format, args...)
}

// wait shows how long the command still waits: on a terminal in one line that changes, otherwise a line each minute.
func (d *dialog) wait(left time.Duration, now time.Time) {
	text := fmt.Sprintf("Waiting for the sign-in: %s left.", left.Round(time.Second))
	if d.animated {
		if text != d.countdown {
			fmt.Fprintf(d.raw, "\r\x1b[K%s", text) // erase the line (ECMA-48, EL)
			d.countdown = text
		}
		return
	}
	if now.Sub(d.reported) >= time.Minute {
		d.reported = now
		fmt.Fprintln(d.out, text)
	}
}

// endCountdown removes the countdown.
func (d *dialog) endCountdown() {
	if d.countdown != "" {
		fmt.Fprint(d.raw, "\r\x1b[K")
		d.countdown = ""
	}
}

// typed is a line that a person typed.
type typed struct {
	text string
	err  error
}

// ask prints a question, and returns a channel with the answer: one line.
func (d *dialog) ask(question string) <-chan typed {
	d.printf("%s", question)
	answer := make(chan typed, 1)
	go func() {
		text, err := d.reader().ReadString('\n')
		answer <- typed{strings.TrimSpace(text), err}
	}()
	return answer
}

func (d *dialog) reader() *bufio.Reader {
	if d.buffered == nil {
		d.buffered = bufio.NewReaderSize(d.in, maxPastedLine)
	}
	return d.buffered
}

// askHidden prints a question and reads one line of any length, which the terminal does not show.
func (d *dialog) askHidden(ctx context.Context, question string) (string, error) {
	file, ok := d.in.(*os.File)
	if !ok || !d.interactive {
		return receive(ctx, d.ask(question))
	}
	d.printf("%s", question)
	before, err := term.MakeRaw(int(file.Fd()))
	if err != nil {
		return "", fmt.Errorf("read from the terminal: %w", err)
	}
	answer := make(chan typed, 1)
	go func() {
		text, err := readUnechoed(file)
		answer <- typed{text, err}
	}()
	text, err := receive(ctx, answer)
	if restored := term.Restore(int(file.Fd()), before); err == nil {
		err = restored
	}
	d.printf("\n")
	return text, err
}

func receive(ctx context.Context, answer <-chan typed) (string, error) {
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case line := <-answer:
		if line.text != "" && errors.Is(line.err, io.EOF) { // the last line may have no end
			line.err = nil
		}
		return line.text, line.err
	}
}

// The keys that a terminal sends as control characters.
const (
	keyInterrupt = 0x03 // Ctrl-C
	keyEnd       = 0x04 // Ctrl-D
	keyErase     = 0x15 // Ctrl-U
	keyBackspace = 0x08
	keyDelete    = 0x7f
)

// readUnechoed reads a line from a terminal that neither shows nor buffers it.
func readUnechoed(in io.Reader) (string, error) {
	var line []byte
	buffer := make([]byte, 4096)
	for {
		n, err := in.Read(buffer)
		for _, key := range buffer[:n] {
			switch key {
			case '\r', '\n':
				return strings.TrimSpace(string(line)), nil
			case keyInterrupt:
				return "", errInterrupted
			case keyEnd:
				return "", io.EOF
			case keyErase:
				line = nil
			case keyBackspace, keyDelete:
				line = line[:max(0, len(line)-1)]
			default:
				if len(line) < maxPastedLine {
					line = append(line, key)
				}
			}
		}
		if err != nil {
			return string(line), err
		}
	}
}
