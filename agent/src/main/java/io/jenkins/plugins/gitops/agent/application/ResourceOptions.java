package io.jenkins.plugins.gitops.agent.application;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The sync options of one resource: from Argo CD's annotation {@value #ANNOTATION} on it, a comma-separated list. For
 * options that the annotation does not contain, the {@code syncOptions} of the Application apply.
 *
 * @param values the value of each option by its name; may include unsupported options
 */
public record ResourceOptions(Map<String, String> values) {
    public static final String ANNOTATION = "argocd.argoproj.io/sync-options";
    public static final ResourceOptions NONE = new ResourceOptions(Map.of());

    /** The supported values of each option. The agent always uses server-side apply. */
    private static final Map<String, Set<String>> SUPPORTED = new TreeMap<>(Map.of(
            "Delete", Set.of("true", "false", "confirm"),
            "Force", Set.of("true", "false"),
            "Prune", Set.of("true", "false", "confirm"),
            "Replace", Set.of("true", "false"),
            "ServerSideApply", Set.of("true")));

    /** What happens to a resource that was removed from Git. */
    public enum Pruning {
        /** It is deleted if the application prunes. */
        AUTOMATIC,
        /** It is deleted after a person has confirmed that. */
        CONFIRM,
        /** It is kept. */
        NEVER
    }

    private static final String HELM_POLICY = "helm.sh/resource-policy";

    public ResourceOptions {
        values = Map.copyOf(values);
    }

    /** @param annotation {@code Replace=true, Force=true}; null if there is none */
    public static ResourceOptions parse(@CheckForNull String annotation) {
        Map<String, String> values = new HashMap<>();
        for (String item : annotation == null ? new String[0] : annotation.split(",")) {
            String option = item.trim();
            int equals = option.indexOf('=');
            if (!option.isEmpty()) {
                values.put(
                        equals < 0 ? option : option.substring(0, equals),
                        equals < 0 ? "" : option.substring(equals + 1));
            }
        }
        return new ResourceOptions(values);
    }

    /**
     * The options of an object from its annotation {@value #ANNOTATION}. Helm's {@code helm.sh/resource-policy: keep}
     * counts as {@code Prune=false}.
     */
    public static ResourceOptions of(Map<String, Object> annotations) {
        Object annotation = annotations.get(ANNOTATION);
        boolean keep = "keep".equals(annotations.get(HELM_POLICY));
        if (annotation == null && !keep) {
            return NONE;
        }
        ResourceOptions written = parse(annotation == null ? null : annotation.toString());
        return keep ? new ResourceOptions(Map.of("Prune", "false")).orElse(written) : written;
    }

    /** Returns these options, completed with others. */
    public ResourceOptions orElse(ResourceOptions others) {
        Map<String, String> all = new HashMap<>(others.values);
        all.putAll(values);
        return new ResourceOptions(all);
    }

    static boolean isSupported(String name, String value) {
        return SUPPORTED.getOrDefault(name, Set.of()).contains(value);
    }

    /** The names of all supported options, sorted. */
    public static List<String> supportedNames() {
        return new ArrayList<>(SUPPORTED.keySet());
    }

    /** The first unsupported option, as it was written. */
    public Optional<String> unsupported() {
        return new TreeMap<>(values)
                .entrySet().stream()
                        .filter(option -> !isSupported(option.getKey(), option.getValue()))
                        .map(option -> option.getValue().isEmpty() ? option.getKey() : option.toString())
                        .findFirst();
    }

    /** Whether an object is deleted and recreated if the API server rejects a change of it. */
    public boolean replace() {
        return is("Replace") || is("Force");
    }

    /** What happens to the resource when it is removed from Git. */
    public Pruning pruning() {
        return switch (values.getOrDefault("Prune", "true")) {
            case "false" -> Pruning.NEVER;
            case "confirm" -> Pruning.CONFIRM;
            default -> Pruning.AUTOMATIC;
        };
    }

    private boolean is(String name) {
        return "true".equals(values.get(name));
    }
}
