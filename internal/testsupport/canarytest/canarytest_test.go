package canarytest_test

import (
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/canarytest"
)

func TestSecretIsFoundInEachForm(t *testing.T) {
	t.Parallel()
	const secret = "canary-6f1c/90ab+de"
	for _, text := range []string{
		"password=" + secret, "password=canary-6f1c%2F90ab%2Bde", `\x63616e6172792d366631632f393061622b6465`, "CANARY-6F1C/90AB+DE",
		"Basic dXNlcjpjYW5hcnktNmYxYy85MGFiK2Rl", "eGNhbmFyeS02ZjFjLzkwYWIrZGU",
	} {
		if !canarytest.In([]byte(text), secret) {
			t.Errorf("not found in %s", text)
		}
	}
	if canarytest.In([]byte("canary-6f1c"), secret) {
		t.Error("found in a part of it")
	}
}

func TestSecretIsFoundInStacks(t *testing.T) {
	t.Parallel()
	const secret = "canary-6f1c90ab"
	for text, want := range map[string]bool{
		"main.send({0x362d7972616e6163, 0x1})": true, // "canary-6"
		"main.send(0x2d7972616e616378, 0x1)":   false,
		"main.send({0x2d7972616e6163, 0x1})":   false,
		"main.send(0xc000123456, 0x10)":        false,
	} {
		if got := canarytest.InStacks([]byte(text), secret); got != want {
			t.Errorf("%s: found %t", text, got)
		}
	}
}
