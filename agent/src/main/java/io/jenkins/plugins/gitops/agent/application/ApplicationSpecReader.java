package io.jenkins.plugins.gitops.agent.application;

import io.jenkins.plugins.gitops.core.model.Durations;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.StrictMapping;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Scalar;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads the {@code spec} of an {@code Application}; rejects every unsupported key by name. */
final class ApplicationSpecReader {
    private static final List<String> SPEC = List.of(
            "project",
            "source",
            "destination",
            "syncPolicy",
            "ignoreDifferences",
            // Only for Argo CD's own UI and history; ignored by the agent.
            "info",
            "revisionHistoryLimit");
    private static final List<String> SOURCE = List.of("repoURL", "targetRevision", "path");
    private static final List<String> DESTINATION = List.of("server", "name", "namespace");
    private static final List<String> SYNC_POLICY = List.of("automated", "syncOptions", "retry");
    private static final List<String> AUTOMATED = List.of("prune", "selfHeal", "allowEmpty", "enabled");
    private static final List<String> RETRY = List.of("limit", "backoff");
    private static final List<String> BACKOFF = List.of("duration", "factor", "maxDuration");
    private static final List<String> IGNORE = List.of("group", "kind", "name", "namespace", "jsonPointers");
    /** The supported values of each option. */
    private static final Map<String, Set<String>> SYNC_OPTIONS = Map.of(
            "ApplyOutOfSyncOnly", Set.of("true", "false"),
            "CreateNamespace", Set.of("true", "false"),
            "PrunePropagationPolicy", Set.of("foreground", "background", "orphan"),
            "PruneLast", Set.of("true", "false"),
            "RespectIgnoreDifferences", Set.of("true"),
            "SkipDryRunOnMissingResource", Set.of("false"),
            "Validate", Set.of("true"));

    private static final Set<String> NO_SEGMENT = Set.of("", ".", "..");
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9}(ms|s|m|h)){1,8}");

    private final Set<String> repositories;
    private final String branch;
    private final Set<String> destinations;

    ApplicationSpecReader(Set<String> repositories, String branch, Set<String> destinations) {
        this.repositories = Set.copyOf(repositories);
        this.branch = branch;
        this.destinations = Set.copyOf(destinations);
    }

    ApplicationSpec read(YamlNode node) throws UserErrorException {
        StrictMapping spec = StrictMapping.of(node, "an Application's spec", SPEC);
        String path = path(required(spec, "source", SOURCE));
        StrictMapping destination = required(spec, "destination", DESTINATION);
        requireOwnCluster(destination);
        StrictMapping policy = optional(spec, "syncPolicy", SYNC_POLICY);
        StrictMapping automated = policy == null ? null : optional(policy, "automated", AUTOMATED);
        Map<String, String> options = options(policy);
        return new ApplicationSpec(
                path,
                destination.requiredText("namespace"),
                automated != null && automated.flag("enabled", true),
                automated != null && automated.flag("prune", false),
                automated != null && automated.flag("selfHeal", false),
                automated != null && automated.flag("allowEmpty", false),
                "true".equals(options.get("CreateNamespace")),
                options.getOrDefault("PrunePropagationPolicy", "foreground"),
                retry(policy),
                ignoreDifferences(spec),
                resourceOptions(options));
    }

    private String path(StrictMapping source) throws UserErrorException {
        String url = source.requiredText("repoURL");
        if (repositories.stream().noneMatch(known -> plain(known).equals(plain(url)))) {
            throw new UserErrorException(
                    source.valueLocation("repoURL"),
                    "The agent does not follow " + withoutUser(url),
                    "Name its own repository, or list this URL among the aliases in the agent's configuration");
        }
        String revision = source.text("targetRevision");
        if (revision != null && !revision.equals(branch) && !revision.equals("HEAD")) {
            throw new UserErrorException(
                    source.valueLocation("targetRevision"),
                    "The agent follows branch " + branch + ", not " + revision,
                    "Write " + branch + " or HEAD");
        }
        String written = source.requiredText("path");
        String path = folder(written);
        if (!path.isEmpty() && List.of(path.split("/", -1)).stream().anyMatch(NO_SEGMENT::contains)) {
            throw new UserErrorException(
                    source.valueLocation("path"),
                    "\"" + written + "\" is not a folder of the repository",
                    "Write it relative to the repository's root, for example apps/frontend");
        }
        return path;
    }

    /** Normalizes a folder: without leading {@code ./} and trailing slash. The root is empty. */
    static String folder(String path) {
        String folder = path;
        while (folder.startsWith("./")) {
            folder = folder.substring(2);
        }
        while (folder.length() > 1 && folder.endsWith("/")) {
            folder = folder.substring(0, folder.length() - 1);
        }
        return folder.equals(".") ? "" : folder;
    }

    /** A password that was committed in a URL must not appear in a log as well. */
    private static String withoutUser(String url) {
        return url.replaceFirst("://[^/]*@", "://");
    }

    private static String plain(String url) {
        String text = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        return text.endsWith(".git") ? text.substring(0, text.length() - ".git".length()) : text;
    }

    private void requireOwnCluster(StrictMapping destination) throws UserErrorException {
        for (String key : List.of("server", "name")) {
            String value = destination.text(key);
            if (value != null && !destinations.contains(value)) {
                throw new UserErrorException(
                        destination.valueLocation(key),
                        "This agent does not deploy to " + value,
                        "Write one of " + destinations.stream().sorted().toList()
                                + ", or list it among the destinations in the agent's configuration");
            }
        }
    }

    private static Map<String, String> options(StrictMapping policy) throws UserErrorException {
        Map<String, String> options = new HashMap<>();
        List<YamlNode> items = policy == null ? null : policy.items("syncOptions");
        for (YamlNode item : items == null ? List.<YamlNode>of() : items) {
            String text = item.resolved() instanceof Scalar scalar ? scalar.value() : "";
            int equals = text.indexOf('=');
            String name = equals < 0 ? text : text.substring(0, equals);
            String value = equals < 0 ? "" : text.substring(equals + 1);
            if (!SYNC_OPTIONS.getOrDefault(name, Set.of()).contains(value)
                    && !ResourceOptions.isSupported(name, value)) {
                throw new UserErrorException(
                        item.location(),
                        "The sync option \"" + text + "\" is not supported",
                        "Remove it; supported are " + optionNames());
            }
            options.put(name, value);
        }
        return options;
    }

    private static List<String> optionNames() {
        Set<String> names = new TreeSet<>(SYNC_OPTIONS.keySet());
        names.addAll(ResourceOptions.supportedNames());
        return List.copyOf(names);
    }

    private static ResourceOptions resourceOptions(Map<String, String> options) {
        Map<String, String> ofResources = new HashMap<>(options);
        ofResources.keySet().retainAll(ResourceOptions.supportedNames());
        return new ResourceOptions(ofResources);
    }

    private static RetryPolicy retry(StrictMapping policy) throws UserErrorException {
        StrictMapping retry = policy == null ? null : optional(policy, "retry", RETRY);
        if (retry == null) {
            return RetryPolicy.DEFAULT;
        }
        StrictMapping backoff = optional(retry, "backoff", BACKOFF);
        int limit = number(retry, "limit", -1, RetryPolicy.DEFAULT.limit());
        if (backoff == null) {
            return new RetryPolicy(
                    limit,
                    RetryPolicy.DEFAULT.duration(),
                    RetryPolicy.DEFAULT.factor(),
                    RetryPolicy.DEFAULT.maxDuration());
        }
        return new RetryPolicy(
                limit,
                duration(backoff, "duration", RetryPolicy.DEFAULT.duration()),
                number(backoff, "factor", 1, RetryPolicy.DEFAULT.factor()),
                duration(backoff, "maxDuration", RetryPolicy.DEFAULT.maxDuration()));
    }

    private static int number(StrictMapping mapping, String key, int least, int missing) throws UserErrorException {
        YamlNode node = mapping.value(key);
        if (node == null) {
            return missing;
        }
        if (node.resolved() instanceof Scalar scalar
                && scalar.style() == YamlNode.QuotingStyle.PLAIN
                && scalar.value().matches("-1|0|[1-9][0-9]{0,5}")
                && Integer.parseInt(scalar.value()) >= least) {
            return Integer.parseInt(scalar.value());
        }
        throw new UserErrorException(
                node.location(), "\"" + key + "\" is not a whole number of " + least + " or more", "Write a number");
    }

    /** Parses Go's notation, as Argo CD does: {@code 5s}, {@code 1m30s}; a plain number is seconds. */
    private static Duration duration(StrictMapping mapping, String key, Duration missing) throws UserErrorException {
        YamlNode node = mapping.value(key);
        if (node == null) {
            return missing;
        }
        String text = node.resolved() instanceof Scalar scalar ? scalar.value() : "";
        String inUnits = text.matches("\\d{1,9}") ? text + "s" : text;
        return Optional.of(inUnits)
                .filter(DURATION.asMatchPredicate())
                .flatMap(Durations::ofGo)
                .orElseThrow(() -> new UserErrorException(
                        node.location(),
                        "\"" + key + "\" is not a duration of 1ms or more",
                        "Write for example 5s, 3m or 1h30m"));
    }

    private static List<IgnoreDifferenceRule> ignoreDifferences(StrictMapping spec) throws UserErrorException {
        List<IgnoreDifferenceRule> rules = new ArrayList<>();
        List<YamlNode> items = spec.items("ignoreDifferences");
        for (YamlNode item : items == null ? List.<YamlNode>of() : items) {
            StrictMapping rule = StrictMapping.of(item, "an entry of ignoreDifferences", IGNORE);
            rules.add(new IgnoreDifferenceRule(
                    group(rule),
                    exact(rule, "kind", rule.requiredText("kind")),
                    rule.text("name"),
                    rule.text("namespace"),
                    pointers(rule)));
        }
        return rules;
    }

    /** {@code ""} usually denotes the core group. */
    private static String group(StrictMapping rule) throws UserErrorException {
        YamlNode node = rule.value("group");
        boolean core = node == null
                || node.resolved() instanceof Scalar scalar
                        && scalar.value().isEmpty()
                        && scalar.style() != YamlNode.QuotingStyle.PLAIN;
        return core ? "" : exact(rule, "group", rule.text("group"));
    }

    private static String exact(StrictMapping rule, String key, String value) throws UserErrorException {
        if (value.chars().anyMatch(c -> "*?[]{}!\\".indexOf(c) >= 0)) {
            throw new UserErrorException(
                    rule.valueLocation(key),
                    "\"" + key + "\" is a pattern, which is not supported",
                    "Write one " + key);
        }
        return value;
    }

    private static List<String> pointers(StrictMapping rule) throws UserErrorException {
        List<String> pointers = rule.texts("jsonPointers");
        for (int i = 0; i < pointers.size(); i++) {
            String pointer = pointers.get(i);
            String unescaped = pointer.replace("~0", "").replace("~1", "");
            if (!pointer.startsWith("/") || unescaped.contains("~")) {
                throw new UserErrorException(
                        rule.items("jsonPointers").get(i).location(),
                        "\"" + pointer + "\" is not a JSON pointer",
                        "Write for example /spec/replicas, with ~1 for a slash in a key and ~0 for a tilde");
            }
        }
        return pointers;
    }

    private static StrictMapping required(StrictMapping parent, String key, List<String> known)
            throws UserErrorException {
        StrictMapping child = optional(parent, key, known);
        if (child == null) {
            throw new UserErrorException(parent.location(), "spec." + key + " is missing", "Write it");
        }
        return child;
    }

    private static StrictMapping optional(StrictMapping parent, String key, List<String> known)
            throws UserErrorException {
        YamlNode node = parent.value(key);
        boolean nothing = node == null || node.resolved() instanceof Scalar scalar && scalar.isNull();
        return nothing ? null : StrictMapping.of(node, key, known);
    }
}
