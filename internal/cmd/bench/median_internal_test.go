package main

import (
	"testing"
	"time"
)

func TestMedianIsTakenOfEachFigure(t *testing.T) {
	t.Parallel()
	got := median([]figures{
		{wall: 9 * time.Second, cpu: 1 * time.Second, memory: 30, calls: calls{"GET /v1/users": 5}},
		{wall: 1 * time.Second, cpu: 2 * time.Second, memory: 10, calls: calls{"GET /v1/users": 90}},
		{wall: 2 * time.Second, cpu: 7 * time.Second, memory: 20, calls: calls{"GET /v1/users": 6}},
	})
	if got.wall != 2*time.Second || got.cpu != 2*time.Second || got.memory != 20 || got.calls.total() != 6 {
		t.Errorf("the medians are %+v", got)
	}
}

func TestMedianOfAnEvenNumberIsTheMean(t *testing.T) {
	t.Parallel()
	got := median([]figures{{wall: 8 * time.Second}, {wall: 1 * time.Second}, {wall: 2 * time.Second}, {wall: 3 * time.Second}})
	if want := 2500 * time.Millisecond; got.wall != want {
		t.Errorf("the median is %s, want %s", got.wall, want)
	}
}

func TestCallsNotCountedStayUnknown(t *testing.T) {
	t.Parallel()
	if got := median([]figures{{}, {}}); got.calls != nil {
		t.Errorf("calls that nobody counted are %v", got.calls)
	}
	// Embedded control planes are counted in the last round only.
	if got := median([]figures{{}, {}, {calls: calls{"GET /v1/instance": 1}}}); got.calls.total() != 1 {
		t.Errorf("calls that one round counted are %v", got.calls)
	}
}
