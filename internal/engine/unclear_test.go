package engine_test

import (
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// unclear is a response that looks like a refusal, and that a proxy may have sent.
func unclear() *target.Fault {
	return &target.Fault{Code: target.Misconfigured, Message: target.Say("a web page instead of data"), Unclear: true}
}

func TestUnclearRefusalsAreLimitedToFive(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		c := w.create(newMail("Mail"))
		calls := w.mail.calls()
		w.mail.set(func(f *fake) { f.fault = unclear() })
		for i := range 5 {
			if result := w.test(c.ID); result.Passed || result.Remembered || result.Fault.Certain {
				t.Fatalf("test %d: %+v", i+1, result)
			}
			w.clock.advance(time.Minute)
		}
		sixth := w.test(c.ID)
		if !sixth.Remembered || sixth.Fault.Code != target.Misconfigured || sixth.Fault.Certain || w.mail.calls() != calls+5 {
			t.Errorf("the sixth test: %+v, %d calls", sixth, w.mail.calls()-calls)
		}
		for _, want := range []string{"Last response at 2026-03-01T12:04:00Z", "not sent again before 2026-03-01T12:15:00Z", "force"} {
			if !strings.Contains(sixth.Fault.Message, want) {
				t.Errorf("%q does not contain %q", sixth.Fault.Message, want)
			}
		}
		w.mail.set(func(f *fake) { f.fault = nil })
		if forced := must(w.TestConnection(w.ctx, c.ID, model.TestRequest{Force: true}))(t); !forced.Passed {
			t.Errorf("a forced test: %+v", forced)
		}
		if result := w.test(c.ID); !result.Passed {
			t.Errorf("success did not clear the refusals: %+v", result)
		}
	})
}

func TestUnclearRefusalNeverBlanks(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]*target.Fault{
		"page":          unclear(),
		"401 by status": {Code: target.GivenCredentials, Message: target.Say("HTTP 401"), Unclear: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachFixture(t, func(t *testing.T, w *fixture) {
				c := w.createUnverified("right")
				w.mail.set(func(f *fake) { f.fault = fault })
				for range 7 {
					w.test(c.ID)
				}
				w.mail.set(func(f *fake) { f.fault = nil })
				if got := w.read(c.ID); got.CredentialsBlank {
					t.Error("the credentials were deleted")
				}
				w.clock.advance(16 * time.Minute)
				if result := w.test(c.ID); !result.Passed {
					t.Errorf("the credentials no longer work: %+v", result)
				}
			})
		})
	}
}

func TestSaveWithUnclearRefusalStoresNothing(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		before := w.create(newMail("Mail"))
		w.mail.set(func(f *fake) { f.fault = unclear() })
		wantFault(t, w.submit(before.ID, "candidate"), target.Misconfigured)
		_, err := w.CreateConnection(w.ctx, newMail("Another"))
		wantFault(t, err, target.Misconfigured)
		if got := w.read(before.ID); !reflect.DeepEqual(got, before) {
			t.Errorf("the connection changed:\n got %+v\nwant %+v", got, before)
		}
		w.mail.set(func(f *fake) { f.fault = nil })
		if got := w.compare(before.ID, password("right")); got != model.ComparisonEqual {
			t.Errorf("the old credentials compare %s", got)
		}
		if _, err := w.CreateConnection(w.ctx, newMail("Another")); err != nil {
			t.Errorf("the refused create left something: %v", err)
		}
	})
}

// One rejection is a verdict after the second time, however many unclear responses are between.
func TestRejectionsCountApartFromUnclearRefusals(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		c := w.create(newMail("Mail"))
		for _, fault := range []*target.Fault{unclear(), rejection("wrong"), unclear(), rejection("wrong")} {
			w.mail.set(func(f *fake) { f.fault = fault })
			if result := w.test(c.ID); result.Remembered {
				t.Fatalf("remembered too early: %+v", result)
			}
		}
		w.mail.set(func(f *fake) { f.fault = unclear() })
		if result := w.test(c.ID); !result.Remembered || !result.Fault.Certain || result.Fault.Code != target.GivenCredentials {
			t.Errorf("after two rejections: %+v", result)
		}
	})
}

// In a cycle, the quick test decides whether an unclear refusal of one user is a fault of the connection.
func TestUnclearRefusalOfOneUserIsTheUsers(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		p := w.policy("Sync")
		for _, email := range []string{"a@example.com", "b@example.com", "c@example.com"} {
			w.user(email, true)
		}
		w.mail.set(func(f *fake) { f.tests["b@example.com"] = unclear() })
		if ended := w.cycle(p.ID); ended.UsersFaulty != 1 || ended.Fault != nil {
			t.Errorf("one user: %+v", ended)
		}
		if c := w.read(p.EmailConnectionID); c.Status() != model.StatusWorking {
			t.Errorf("status %s", c.Status())
		}
		w.mail.set(func(f *fake) { f.fault = unclear() })
		if ended := w.cycle(p.ID); ended.UsersFaulty != 3 || ended.Fault == nil || ended.Fault.Certain {
			t.Errorf("all users: %+v", ended)
		}
	})
}

func TestProcessesSendUnclearRefusalsFiveTimes(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		calls := w.mail.calls()
		w.mail.set(func(f *fake) { f.fault = unclear() })
		var waiting sync.WaitGroup
		for range 12 {
			e := w.process()
			waiting.Go(func() {
				n := newMail("Exchange")
				n.Verify = true
				_, err := e.CreateConnection(w.ctx, n)
				wantFault(t, err, target.Misconfigured)
			})
		}
		waiting.Wait()
		if got := w.mail.calls() - calls; got != 5 {
			t.Errorf("the password was sent %d times", got)
		}
	})
}
