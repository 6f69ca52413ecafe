package progress_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/action"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/progress"
)

func TestLongWaitIsReported(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		began := time.Now()
		var messages []string
		reporter, end := progress.Begin(ctx, &action.InvokeResponse{SendProgress: func(event action.InvokeProgressEvent) {
			messages = append(messages, time.Since(began).String()+" "+event.Message)
		}}, "the control plane")
		<-time.After(11 * time.Second)
		reporter.Reportf("Found %d.", 1)
		<-time.After(7 * time.Second)
		reporter.StartWaitingf("%s, %s", "sign_in", "identity")
		<-time.After(59 * time.Second)
		reporter.Reportf("Signed in.")
		<-time.After(11 * time.Second)
		cancel()
		<-time.After(time.Minute)
		reporter.Reportf("Nobody hears this.")
		end()
		<-time.After(time.Minute)
		want := []string{
			"10s Still waiting for the control plane: 10s so far.", "11s Found 1.",
			"21s Still waiting for sign_in, identity: 3s so far.", "31s Still waiting for sign_in, identity: 13s so far.",
			"41s Still waiting for sign_in, identity: 23s so far.", "51s Still waiting for sign_in, identity: 33s so far.",
			"1m1s Still waiting for sign_in, identity: 43s so far.", "1m11s Still waiting for sign_in, identity: 53s so far.",
			"1m17s Signed in.", "1m27s Still waiting for sign_in, identity: 1m9s so far.",
		}
		if !slices.Equal(messages, want) {
			t.Errorf("got\n%q, want\n%q", messages, want)
		}
	})
}

func TestNoReportAfterEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, end := progress.Begin(t.Context(), &action.InvokeResponse{SendProgress: func(event action.InvokeProgressEvent) {
			t.Errorf("sent %q", event.Message)
		}}, "the control plane")
		end()
		<-time.After(time.Minute)
	})
}
