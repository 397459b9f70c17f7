package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.yaml.StrictMapping;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import java.util.List;

/**
 * Reads what an environment asks for beside its name. A rule that the plugin can't keep yet is refused: a window or a soak
 * time that nobody watches is worse than none.
 */
final class EnvironmentPolicy {
    static final String REQUIRE_REASON = "requireReason";
    private static final String AGENT = "agent";
    static final List<String> KEYS =
            List.of("name", "promoteFrom", "approval", REQUIRE_REASON, "change", "gates", "windows", AGENT);
    private static final List<String> APPROVAL = List.of("groups", "users", "count");
    private static final List<String> GATES = List.of("soak");
    private static final List<String> CHANGES = List.of("direct", "pullRequest");

    private EnvironmentPolicy() {}

    /** The approval of one environment; null when there is none. */
    @CheckForNull
    static ApprovalPolicy approval(StrictMapping environment, String name) throws RefusedException {
        refuseUnsupported(environment);
        YamlNode node = environment.value("approval");
        if (node == null) {
            return null;
        }
        StrictMapping approval = StrictMapping.of(node, "an approval", APPROVAL);
        ApprovalPolicy policy =
                new ApprovalPolicy(approval.texts("groups"), approval.texts("users"), approval.positive("count", 1));
        if (policy.groups().isEmpty() && policy.users().isEmpty()) {
            throw new RefusedException(
                    approval.location(),
                    "Nobody may approve for " + name,
                    "Name groups or users, or leave approval out");
        }
        if (policy.groups().isEmpty() && policy.users().size() < policy.count()) {
            throw new RefusedException(
                    approval.valueLocation("count"),
                    policy.count() + " approvals can never be reached with " + policy.describe(),
                    "Name more users or a group, or ask for fewer approvals");
        }
        return policy;
    }

    /** The agent of one environment; null when its targets' folders tell. */
    @CheckForNull
    static AgentPolicy agent(StrictMapping environment) throws RefusedException {
        YamlNode node = environment.value(AGENT);
        return node == null ? null : AgentPolicy.of(node);
    }

    private static void refuseUnsupported(StrictMapping environment) throws RefusedException {
        String change = environment.text("change");
        if (change != null && !CHANGES.contains(change)) {
            throw new RefusedException(
                    environment.valueLocation("change"), "There is no change \"" + change + "\"", "Use direct");
        }
        if ("pullRequest".equals(change)) {
            throw unsupported(environment, "change", "change: pullRequest", "Use change: direct");
        }
        YamlNode gates = environment.value("gates");
        if (gates != null && StrictMapping.of(gates, "gates", GATES).value("soak") != null) {
            throw unsupported(environment, "gates", "gates.soak", "Remove it");
        }
        List<YamlNode> windows = environment.items("windows");
        if (windows != null && !windows.isEmpty()) {
            throw unsupported(environment, "windows", "windows", "Remove them");
        }
    }

    private static RefusedException unsupported(StrictMapping environment, String key, String what, String wayOut) {
        return new RefusedException(
                environment.keyLocation(key),
                what + " is not supported yet, and ignoring it would loosen what you ask for",
                wayOut + ", and guard this environment with approval");
    }
}
