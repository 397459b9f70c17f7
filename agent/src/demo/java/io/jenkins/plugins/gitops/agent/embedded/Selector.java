package io.jenkins.plugins.gitops.agent.embedded;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The label and field selectors of list and watch requests. */
final class Selector {
    private static final Pattern SETS = Pattern.compile("\\s*(\\S+)\\s+(in|notin)\\s+\\(([^)]*)\\)\\s*");
    private static final Pattern EQUALS = Pattern.compile("\\s*([^!=\\s]+)\\s*(==|=|!=)\\s*(\\S*)\\s*");
    private static final Pattern COMMA = Pattern.compile(",(?![^(]*\\))");

    private final List<Predicate<Map<String, Object>>> requirements = new ArrayList<>();

    /**
     * Parses selectors.
     *
     * @param labels value of {@code labelSelector}; null for none
     * @param fields value of {@code fieldSelector}; null for none; metadata.name and metadata.namespace are supported
     * @throws ApiStatusException 400 for anything else
     */
    static Selector parse(@CheckForNull String labels, @CheckForNull String fields) throws ApiStatusException {
        Selector selector = new Selector();
        for (String part : labels == null || labels.isBlank() ? new String[0] : COMMA.split(labels)) {
            selector.requirements.add(label(part));
        }
        for (String part : fields == null || fields.isBlank() ? new String[0] : fields.split(",")) {
            Matcher matcher = EQUALS.matcher(part);
            if (!matcher.matches() || !matcher.group(1).matches("metadata\\.(name|namespace)")) {
                throw ApiStatusException.badRequest("field label not supported: " + part);
            }
            String field = matcher.group(1).substring("metadata.".length());
            boolean wanted = !matcher.group(2).equals("!=");
            String value = matcher.group(3);
            selector.requirements.add(object -> wanted == value.equals(JsonTree.text(object, "metadata", field)));
        }
        return selector;
    }

    private static Predicate<Map<String, Object>> label(String part) throws ApiStatusException {
        Matcher sets = SETS.matcher(part);
        if (sets.matches()) {
            Set<String> values = Set.of(sets.group(3).trim().split("\\s*,\\s*"));
            boolean wanted = sets.group(2).equals("in");
            return object -> wanted == values.contains(String.valueOf(value(object, sets.group(1))));
        }
        Matcher equals = EQUALS.matcher(part);
        if (equals.matches()) {
            boolean wanted = !equals.group(2).equals("!=");
            return object -> wanted == equals.group(3).equals(value(object, equals.group(1)));
        }
        String name = part.trim();
        if (name.isEmpty() || name.contains(" ")) {
            throw ApiStatusException.badRequest("unable to parse requirement: " + part);
        }
        return name.startsWith("!")
                ? object -> value(object, name.substring(1)) == null
                : object -> value(object, name) != null;
    }

    @CheckForNull
    private static String value(Map<String, Object> object, String label) {
        return JsonTree.text(object, "metadata", "labels", label);
    }

    boolean matches(@CheckForNull Map<String, Object> object) {
        return object != null && requirements.stream().allMatch(r -> r.test(object));
    }
}
