package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// intro shows what is about to be played.
func (s *screen) intro(tool string, scenes int) {
	s.printf(strong, "The life of two connections in %d scenes, with your %s and stand-ins for Exchange and Salesforce.",
		scenes, tool)
	s.printf(dim, "Everything runs on this machine. PAUSE=1 waits after each scene; FULL=1 shows whole outputs.")
}

// ending shows what was proven, where everything is, and how to go on.
func (s *screen) ending(all []played, folder, tool string, running *standIns) {
	fmt.Fprintln(s.out)
	s.printf(title, "━━ What you saw")
	for _, line := range table(all) {
		s.printf(good, "%s", line)
	}
	fmt.Fprintln(s.out)
	s.printf(plain, "The log with all outputs is %s.", filepath.Join(folder, logName))
	fmt.Fprintln(s.out)
	s.printf(title, "━━ What to try next")
	for _, step := range nextSteps(folder, tool, running) {
		s.printf(plain, "%s", step.what)
		for _, line := range step.commands {
			s.printf(strong, "  $ %s", line)
		}
	}
}

// table lists the scenes with what they have proven.
func table(all []played) []string {
	width := 0
	for _, p := range all {
		width = max(width, utf8.RuneCountInString(p.headline))
	}
	rows := make([]string, len(all))
	for i, p := range all {
		rows[i] = "✔ " + p.headline + strings.Repeat(" ", width-utf8.RuneCountInString(p.headline)) + "  " + p.proof
	}
	return rows
}

// nextStep is something to try after the demo.
type nextStep struct {
	what     string
	commands []string
}

// nextSteps are commands for a shell in the checkout, in this order.
func nextSteps(folder, tool string, running *standIns) []nextStep {
	account := running.control.URL() + "/exchange/accounts/" + running.exchange.Service().Email
	return []nextStep{
		{"Start the stand-ins again, in a second terminal (Ctrl-C stops them):", []string{"bin/demo -stand-ins"}},
		{"Go on in the same folder:", []string{
			"cd " + filepath.Join(folder, "configuration") + " && . ../" + envName,
			tool + " plan",
			providerName + " connections",
		}},
		{"Change the password in Exchange, and see the plan report it. Then rotate: edit " + valuesName + ", and apply.", []string{
			"curl -X PATCH " + account + ` -d '{"password":"3rd-Password!"}'`,
			tool + " plan",
		}},
		{"Remove the connections from the state; the control plane keeps them:", []string{
			tool + " apply -var deletion_policy=abandon && " + tool + " destroy -var deletion_policy=abandon",
		}},
		{"Start over, from the checkout:", []string{"make demo"}},
	}
}
