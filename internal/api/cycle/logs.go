package cycle

import (
	"context"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

// moreLogs is how many sync logs are read in addition to those of the users that the cycle counted: it checks more users in the
// meantime, and the newest log of the last read is wanted again.
const moreLogs = 50

// userLogs are sync logs of one user, oldest first.
type userLogs struct {
	userID string
	logs   []api.SyncLog
}

// reportProgress reports each user whose sync logs are complete, and all other users if the cycle has ended.
func (w *Watcher) reportProgress(ctx context.Context, cycle *api.Cycle) error {
	logs, err := w.readNewLogs(ctx, cycle)
	if err != nil {
		return err
	}
	waiting := slices.Clone(w.incomplete)
	for _, log := range slices.Backward(logs) { // they are listed newest first
		w.addLog(log, cycle.UsersTotal)
	}
	ended := cycle.State != api.CycleRunning
	for _, user := range slices.Clone(w.incomplete) {
		// The logs of a user are written together. If they were incomplete before this read as well, none follow: the policy lost a
		// connection.
		before := slices.ContainsFunc(waiting, func(u userLogs) bool { return u.userID == user.userID })
		if ended || before {
			w.reportUser(user, cycle.UsersTotal)
		}
	}
	if ended && w.checkedUsers < cycle.UsersDone {
		w.reporter.Reportf("%s more checked: see the sync logs.", UserCount(cycle.UsersDone-w.checkedUsers))
	}
	return nil
}

// readNewLogs reads the sync logs that were written since the last read, newest first. It does not rely on their times, since a
// clock may be set back. What it remembers does not grow with the number of users.
func (w *Watcher) readNewLogs(ctx context.Context, cycle *api.Cycle) ([]api.SyncLog, error) {
	newUsers := max(cycle.UsersDone-w.checkedUsers-len(w.incomplete), 0)
	limit := min(newUsers*w.connections+moreLogs, api.MaxItems)
	for {
		logs, err := w.API.SyncLogs(ctx, api.SyncLogFilter{CycleID: cycle.ID}, limit)
		if err != nil {
			return nil, err
		}
		known := slices.IndexFunc(logs, func(log api.SyncLog) bool { return log.ID == w.newest })
		switch {
		case known >= 0:
			logs = logs[:known]
		case len(logs) < limit: // these are all
		case limit < api.MaxItems:
			limit = min(2*limit, api.MaxItems)
			continue
		default: // There are more than can be read. Another process may have checked them, before this one took over the cycle.
			w.checkedUsers += max(newUsers-len(logs)/max(w.connections, 1), 0)
		}
		if len(logs) > 0 {
			w.newest = logs[0].ID
		}
		return logs, nil
	}
}

// addLog adds a log to those of its user, and reports the user if they are complete.
func (w *Watcher) addLog(log api.SyncLog, total int) {
	i := slices.IndexFunc(w.incomplete, func(u userLogs) bool { return u.userID == log.UserID })
	if i < 0 {
		i = len(w.incomplete)
		w.incomplete = append(w.incomplete, userLogs{userID: log.UserID})
	}
	w.incomplete[i].logs = append(w.incomplete[i].logs, log)
	if len(w.incomplete[i].logs) >= w.connections {
		w.reportUser(w.incomplete[i], total)
	}
}

// reportUser reports one user and forgets the logs.
func (w *Watcher) reportUser(user userLogs, total int) {
	w.incomplete = slices.DeleteFunc(w.incomplete, func(u userLogs) bool { return u.userID == user.userID })
	status := "passed"
	results := make([]string, 0, len(user.logs))
	for _, log := range user.logs {
		if log.Fault == nil {
			results = append(results, log.ConnectionName+": "+log.Message)
			continue
		}
		status = "FAULT "
		fault := ConnectionFault{log.ConnectionName, log.Fault}
		results = append(results, log.ConnectionName+": "+fault.Summary())
		same := func(other ConnectionFault) bool {
			return other.Connection == fault.Connection && other.Code == fault.Code
		}
		if !slices.ContainsFunc(w.faults, same) {
			w.faults = append(w.faults, fault)
		}
	}
	w.checkedUsers++
	w.reporter.Reportf("[%d/%d] %s  %s  %s", w.checkedUsers, total, status, user.logs[0].UserEmail, strings.Join(results, " | "))
	w.awaitNextUser(total)
}

func (w *Watcher) awaitNextUser(total int) {
	w.reporter.StartWaitingf("the next user, with %d of %s checked", w.checkedUsers, UserCount(total))
}
