package io.jenkins.plugins.gitops.agent.application;

import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.yaml.StrictMapping;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Scalar;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the {@code spec} of an {@code Application}; every key that is not honoured is refused by name. */
final class ApplicationSpecReader {
    private static final List<String> SPEC =
            List.of("project", "source", "destination", "syncPolicy", "ignoreDifferences");
    private static final List<String> SOURCE = List.of("repoURL", "targetRevision", "path");
    private static final List<String> DESTINATION = List.of("server", "name", "namespace");
    private static final List<String> SYNC_POLICY = List.of("automated", "syncOptions", "retry");
    private static final List<String> AUTOMATED = List.of("prune", "selfHeal", "allowEmpty", "enabled");
    private static final List<String> RETRY = List.of("limit", "backoff");
    private static final List<String> BACKOFF = List.of("duration", "factor", "maxDuration");
    private static final List<String> IGNORE = List.of("group", "kind", "name", "namespace", "jsonPointers");
    /** Each with the values that are honoured. */
    private static final Map<String, Set<String>> SYNC_OPTIONS = Map.of(
            "CreateNamespace", Set.of("true", "false"),
            "PrunePropagationPolicy", Set.of("foreground", "background", "orphan"),
            "PruneLast", Set.of("true"),
            "RespectIgnoreDifferences", Set.of("true"),
            "ServerSideApply", Set.of("true"));

    private static final Pattern DURATION_PART = Pattern.compile("(\\d+)(ms|s|m|h)");

    private final Set<String> repositories;
    private final String branch;
    private final Set<String> destinations;

    ApplicationSpecReader(Set<String> repositories, String branch, Set<String> destinations) {
        this.repositories = Set.copyOf(repositories);
        this.branch = branch;
        this.destinations = Set.copyOf(destinations);
    }

    ApplicationSpec read(YamlNode node) throws RefusedException {
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
                ignoreDifferences(spec));
    }

    private String path(StrictMapping source) throws RefusedException {
        String url = source.requiredText("repoURL");
        if (repositories.stream().noneMatch(known -> plain(known).equals(plain(url)))) {
            throw new RefusedException(
                    source.valueLocation("repoURL"),
                    "The agent does not follow " + url,
                    "Name its own repository, or list this URL among the aliases in the agent's configuration");
        }
        String revision = source.text("targetRevision");
        if (revision != null && !revision.equals(branch) && !revision.equals("HEAD")) {
            throw new RefusedException(
                    source.valueLocation("targetRevision"),
                    "The agent follows branch " + branch + ", not " + revision,
                    "Write " + branch + " or HEAD");
        }
        String path = source.requiredText("path");
        while (path.endsWith("/")) {
            path = path.substring(0, path.length() - 1);
        }
        return path.startsWith("./") ? path.substring(2) : path;
    }

    private static String plain(String url) {
        String text = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        return text.endsWith(".git") ? text.substring(0, text.length() - ".git".length()) : text;
    }

    private void requireOwnCluster(StrictMapping destination) throws RefusedException {
        for (String key : List.of("server", "name")) {
            String value = destination.text(key);
            if (value != null && !destinations.contains(value)) {
                throw new RefusedException(
                        destination.valueLocation(key),
                        "This agent does not deploy to " + value,
                        "Write one of " + destinations.stream().sorted().toList()
                                + ", or list it among the destinations in the agent's configuration");
            }
        }
    }

    private static Map<String, String> options(StrictMapping policy) throws RefusedException {
        Map<String, String> options = new HashMap<>();
        List<YamlNode> items = policy == null ? null : policy.items("syncOptions");
        for (YamlNode item : items == null ? List.<YamlNode>of() : items) {
            String text = item.resolved() instanceof Scalar scalar ? scalar.value() : "";
            int equals = text.indexOf('=');
            String name = equals < 0 ? text : text.substring(0, equals);
            String value = equals < 0 ? "" : text.substring(equals + 1);
            if (!SYNC_OPTIONS.getOrDefault(name, Set.of()).contains(value)) {
                throw new RefusedException(
                        item.location(),
                        "The sync option \"" + text + "\" is not supported",
                        "Remove it; known are " + SYNC_OPTIONS.keySet().stream().sorted().toList());
            }
            options.put(name, value);
        }
        return options;
    }

    private static Retry retry(StrictMapping policy) throws RefusedException {
        StrictMapping retry = policy == null ? null : optional(policy, "retry", RETRY);
        if (retry == null) {
            return Retry.DEFAULT;
        }
        StrictMapping backoff = optional(retry, "backoff", BACKOFF);
        int limit = number(retry, "limit", Retry.DEFAULT.limit());
        if (backoff == null) {
            return new Retry(limit, Retry.DEFAULT.duration(), Retry.DEFAULT.factor(), Retry.DEFAULT.maxDuration());
        }
        return new Retry(
                limit,
                duration(backoff, "duration", Retry.DEFAULT.duration()),
                number(backoff, "factor", Retry.DEFAULT.factor()),
                duration(backoff, "maxDuration", Retry.DEFAULT.maxDuration()));
    }

    private static int number(StrictMapping mapping, String key, int missing) throws RefusedException {
        YamlNode node = mapping.value(key);
        if (node == null) {
            return missing;
        }
        if (node.resolved() instanceof Scalar scalar && scalar.value().matches("-1|[0-9]{1,6}")) {
            return Integer.parseInt(scalar.value());
        }
        throw new RefusedException(node.location(), "\"" + key + "\" is not a whole number", "Write a number");
    }

    /** Go's notation, as Argo CD takes it: {@code 5s}, {@code 1m30s}; a bare number is seconds. */
    private static Duration duration(StrictMapping mapping, String key, Duration missing) throws RefusedException {
        YamlNode node = mapping.value(key);
        if (node == null) {
            return missing;
        }
        String text = node.resolved() instanceof Scalar scalar ? scalar.value() : "";
        if (text.matches("\\d{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(text));
        }
        if (!text.matches("(\\d{1,9}(ms|s|m|h))+")) {
            throw new RefusedException(
                    node.location(), "\"" + key + "\" is not a duration", "Write for example 5s, 3m or 1h30m");
        }
        Duration sum = Duration.ZERO;
        Matcher part = DURATION_PART.matcher(text);
        while (part.find()) {
            long amount = Long.parseLong(part.group(1));
            sum = sum.plus(
                    switch (part.group(2)) {
                        case "ms" -> Duration.ofMillis(amount);
                        case "s" -> Duration.ofSeconds(amount);
                        case "m" -> Duration.ofMinutes(amount);
                        default -> Duration.ofHours(amount);
                    });
        }
        return sum;
    }

    private static List<IgnoreDifference> ignoreDifferences(StrictMapping spec) throws RefusedException {
        List<IgnoreDifference> rules = new ArrayList<>();
        List<YamlNode> items = spec.items("ignoreDifferences");
        for (YamlNode item : items == null ? List.<YamlNode>of() : items) {
            StrictMapping rule = StrictMapping.of(item, "an entry of ignoreDifferences", IGNORE);
            String group = rule.text("group");
            rules.add(new IgnoreDifference(
                    group == null ? "" : group,
                    rule.requiredText("kind"),
                    rule.text("name"),
                    rule.text("namespace"),
                    rule.texts("jsonPointers")));
        }
        return rules;
    }

    private static StrictMapping required(StrictMapping parent, String key, List<String> known)
            throws RefusedException {
        StrictMapping child = optional(parent, key, known);
        if (child == null) {
            throw new RefusedException(parent.location(), "spec." + key + " is missing", "Write it");
        }
        return child;
    }

    private static StrictMapping optional(StrictMapping parent, String key, List<String> known)
            throws RefusedException {
        YamlNode node = parent.value(key);
        boolean nothing = node == null || node.resolved() instanceof Scalar scalar && scalar.isNull();
        return nothing ? null : StrictMapping.of(node, key, known);
    }
}
