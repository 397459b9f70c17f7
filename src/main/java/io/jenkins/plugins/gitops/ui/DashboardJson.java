package io.jenkins.plugins.gitops.ui;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/** A page of the dashboard as JSON. */
final class DashboardJson {
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private DashboardJson() {}

    static byte[] of(Dashboard dashboard) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        root.put("repository", dashboard.query().repository());
        root.put("revision", dashboard.revision());
        root.put("problem", dashboard.problem());
        dashboard.warnings().forEach(root.putArray("warnings")::add);
        root.put("page", dashboard.query().page());
        root.put("pages", dashboard.pages());
        root.put("applicationsMatching", dashboard.matching());
        root.put("applicationsNeedingAttention", dashboard.attention());
        dashboard.environments().forEach(root.putArray("environments")::add);
        ArrayNode applications = root.putArray("applications");
        for (Dashboard.Row row : dashboard.rows()) {
            ObjectNode application = applications.addObject();
            application.put("name", row.application());
            ObjectNode targets = application.putObject("targets");
            for (Dashboard.Cell cell : row.cells()) {
                TargetCell target = cell.target();
                if (target != null) {
                    write(targets.putObject(cell.environment()), target, dashboard);
                }
            }
        }
        ArrayNode agents = root.putArray("agents");
        dashboard.agents().forEach(agent -> write(agents.addObject(), agent));
        return JSON.writeValueAsBytes(root);
    }

    private static void write(ObjectNode target, TargetCell cell, Dashboard dashboard) {
        ArrayNode images = target.putArray("images");
        cell.images().forEach(image -> images.add(image.full()));
        ArrayNode state = target.putArray("state");
        cell.badges().forEach(badge -> state.add(badge.text()));
        cell.notes().forEach(target.putArray("notes")::add);
        target.put("attention", cell.attention());
        LastChange line = dashboard.line(cell);
        if (line != null) {
            ObjectNode change = target.putObject("lastChange");
            change.put("revision", line.revision());
            change.put("subject", line.subject());
            change.put("by", line.who());
            change.put("at", line.when().iso());
            change.put("reason", line.reason());
            BuildLinks.BuildLink build = line.build();
            change.put("build", build == null ? null : build.text());
        }
    }

    private static void write(ObjectNode node, AgentRow agent) {
        node.put("name", agent.name());
        node.put("kind", agent.kind());
        node.put("state", agent.state().text());
        node.put("problem", agent.problem());
        RelativeTime lastSeen = agent.lastSeen();
        node.put("lastSeen", lastSeen == null ? null : lastSeen.iso());
        node.put("applications", agent.applications());
        node.put("synced", agent.synced());
        node.put("healthy", agent.healthy());
    }
}
