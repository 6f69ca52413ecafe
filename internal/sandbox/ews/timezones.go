package ews

// getServerTimeZones returns one time zone, which is that of all times of the stand-in.
func getServerTimeZones(r *request) *element {
	const name = "GetServerTimeZonesResponseMessage"
	list := el("m:TimeZoneDefinitions")
	if r.failed != nil {
		return response("GetServerTimeZones", failure(name, r.failed, list))
	}
	ids := r.body.child("Ids")
	requested := ids == nil
	for _, id := range ids.all() {
		requested = requested || id.value() == "UTC"
	}
	if requested {
		list.add(utc(r.body.attr("ReturnFullTimeZoneData") != "false"))
	}
	return response("GetServerTimeZones", success(name, list))
}

func utc(full bool) *element {
	zone := el("t:TimeZoneDefinition").with("Id", "UTC").with("Name", "(UTC) Coordinated Universal Time")
	if !full {
		return zone
	}
	const period = "trule:Microsoft/Registry/UTC/1-Standard"
	to := func(kind, target string) *element {
		return el("t:Transition", text("t:To", target).with("Kind", kind))
	}
	return zone.add(
		el("t:Periods", el("t:Period").with("Bias", "PT0S").with("Name", "Standard").with("Id", period)),
		el("t:TransitionsGroups", el("t:TransitionsGroup", to("Period", period)).with("Id", "0")),
		el("t:Transitions", to("Group", "0")),
	)
}
