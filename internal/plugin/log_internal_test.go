package plugin

import "testing"

func TestLogConfigured(t *testing.T) {
	t.Parallel()
	for variable, want := range map[string]bool{
		"TF_LOG=trace": true, "TF_LOG=off": true, "TF_LOG_PATH=riva.log": true, "TF_LOG_CORE=debug": true,
		"TF_LOG_PROVIDER=debug": true, "TF_LOG_PROVIDER_RIVA_API=debug": true, "TF_LOG_SDK=info": true,
		"TF_LOG_SDK_PROTO_DATA_DIR=/tmp/data": true,
		"TF_LOG=":                             false, "TF_LOG_PATH=": false, "TF_LOGS=trace": false, "TF_VAR_log=TF_LOG=trace": false,
	} {
		if got := logConfigured([]string{"HOME=/home/ada", variable}); got != want {
			t.Errorf("%s: %t", variable, got)
		}
	}
}
