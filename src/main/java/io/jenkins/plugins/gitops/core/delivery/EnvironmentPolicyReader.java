package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ImagePolicy;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.StrictMapping;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import java.util.List;

/**
 * Reads the rules of an environment. Rejects rules that the plugin cannot enforce yet: a window or a soak time that is
 * not enforced is worse than none.
 */
final class EnvironmentPolicyReader {
    static final String REQUIRE_REASON = "requireReason";
    static final String AGENT = "agent";
    static final String IMAGE = "image";
    static final String BRANCHES = "branches";
    static final String CHANGE_REQUESTS = "changeRequests";
    static final String ROLLBACK = "rollback";
    static final String NAME = "name";
    static final String FOLDER = "folder";
    static final List<String> KEYS = List.of(
            NAME,
            FOLDER,
            "promoteFrom",
            "approval",
            REQUIRE_REASON,
            "change",
            "gates",
            "windows",
            AGENT,
            IMAGE,
            TargetBranches.BRANCH,
            BRANCHES,
            CHANGE_REQUESTS,
            ROLLBACK,
            ImageNameMapping.REGISTRIES,
            ImageNameMapping.RENAME);
    /** The keys whose locations messages refer to. */
    static final List<String> PLACES = List.of(REQUIRE_REASON, AGENT, BRANCHES, CHANGE_REQUESTS, ROLLBACK);

    private static final String UNKNOWN_REQUESTER = "unknownRequester";
    private static final List<String> APPROVAL = List.of("groups", "users", "count", UNKNOWN_REQUESTER);
    private static final String VERIFIED = "verified";
    private static final List<String> ROLLBACK_KEYS = List.of("users", "groups", "approval", "toUnapproved", VERIFIED);
    private static final List<String> GATES = List.of("soak");
    private static final List<String> CHANGES = List.of("direct", "pullRequest");
    private static final String REQUIRED = "required";
    private static final String WARN = "warn";

    private EnvironmentPolicyReader() {}

    /** Identifies a key of an environment. */
    static String keyPath(String environment, String key) {
        return environment + "/" + key;
    }

    /** The approval of one environment; null when there is none. */
    @CheckForNull
    static ApprovalPolicy approval(StrictMapping environment, String name) throws UserErrorException {
        refuseUnsupported(environment);
        YamlNode node = environment.value("approval");
        if (node == null) {
            return null;
        }
        StrictMapping approval = StrictMapping.of(node, "an approval", APPROVAL);
        List<String> groups = approval.texts("groups");
        ApprovalPolicy policy = new ApprovalPolicy(
                groups,
                approval.texts("users"),
                approval.positive("count", Math.max(1, groups.size())),
                "allow".equals(choice(approval, UNKNOWN_REQUESTER, List.of("refuse", "allow"))));
        if (policy.groups().isEmpty() && policy.users().isEmpty()) {
            throw new UserErrorException(
                    approval.location(), "No one may approve for " + name, "Name groups or users, or remove approval");
        }
        if (policy.groups().isEmpty() && policy.users().size() < policy.count()) {
            throw new UserErrorException(
                    approval.valueLocation("count"),
                    policy.count() + " approvals can never be reached with " + policy.describe(),
                    "Name more users or a group, or require fewer approvals");
        }
        return policy;
    }

    /** The agent of one environment; null to find it by the targets' folders. */
    @CheckForNull
    static AgentSelector agent(StrictMapping environment) throws UserErrorException {
        YamlNode node = environment.value(AGENT);
        return node == null ? null : AgentSelector.of(node);
    }

    /**
     * Whether images must be seen running.
     *
     * @param mapping an environment, or the root mapping
     * @param missing the default without the key
     */
    static ImagePolicy image(StrictMapping mapping, ImagePolicy missing) throws UserErrorException {
        String word = choice(mapping, IMAGE, List.of(REQUIRED, WARN));
        if (word == null) {
            return missing;
        }
        return word.equals(REQUIRED) ? ImagePolicy.REQUIRED : ImagePolicy.WARN;
    }

    /** The branches that may deliver to one environment. */
    static BranchPolicy branches(StrictMapping environment) throws UserErrorException {
        List<String> patterns = environment.texts(BRANCHES);
        for (String pattern : patterns) {
            if (!BranchPattern.isValid(pattern)) {
                throw new UserErrorException(
                        environment.valueLocation(BRANCHES),
                        "\"" + pattern + "\" is not a valid branch pattern",
                        "Write a branch name as in main, release/* or feature/**, or tag:v* for tags");
            }
        }
        if (patterns.isEmpty() && environment.value(BRANCHES) != null) {
            throw new UserErrorException(
                    environment.valueLocation(BRANCHES),
                    "\"" + BRANCHES + "\" is empty",
                    "Name a branch, or remove the key so that every branch may deliver");
        }
        String changeRequests = choice(environment, CHANGE_REQUESTS, List.of("refuse", "sameRepository", "all"));
        return changeRequests == null
                ? BranchPolicy.of(patterns)
                : new BranchPolicy(patterns, BranchPolicy.ChangeRequests.of(changeRequests));
    }

    /** The rules of rollbacks in one environment. */
    static RollbackPolicy rollback(StrictMapping environment) throws UserErrorException {
        YamlNode node = environment.value(ROLLBACK);
        if (node == null) {
            return RollbackPolicy.DEFAULT;
        }
        StrictMapping rollback = StrictMapping.of(node, "a rollback", ROLLBACK_KEYS);
        List<String> verified = rollback.texts(VERIFIED);
        for (String state : verified) {
            if (!RollbackPolicy.isValidState(state)) {
                throw new UserErrorException(
                        rollback.valueLocation(VERIFIED),
                        "\"" + state + "\" is neither an image nor a revision",
                        "Write an image with its tag or digest as it is in Git, or all 40 digits of a revision");
            }
        }
        return new RollbackPolicy(
                rollback.texts("users"),
                rollback.texts("groups"),
                rollback.flag("approval", false),
                rollback.flag("toUnapproved", false),
                verified);
    }

    /** One of the allowed words; null when the key is missing. */
    @CheckForNull
    private static String choice(StrictMapping mapping, String key, List<String> words) throws UserErrorException {
        String word = mapping.text(key);
        if (word != null && !words.contains(word)) {
            throw new UserErrorException(
                    mapping.valueLocation(key),
                    "\"" + word + "\" is not a valid value of \"" + key + "\"",
                    "Use one of " + String.join(", ", words));
        }
        return word;
    }

    private static void refuseUnsupported(StrictMapping environment) throws UserErrorException {
        String change = environment.text("change");
        if (change != null && !CHANGES.contains(change)) {
            throw new UserErrorException(
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

    private static UserErrorException unsupported(StrictMapping environment, String key, String what, String remedy) {
        return new UserErrorException(
                environment.keyLocation(key),
                what + " is not supported yet, and ignoring it would weaken the policy",
                remedy + ", and protect this environment with approval");
    }
}
