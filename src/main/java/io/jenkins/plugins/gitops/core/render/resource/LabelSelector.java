package io.jenkins.plugins.gitops.core.render.resource;

import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Kubernetes' selectors for labels (or annotations): {@code a=b, c!=d, e in (f, g), h notin (i), j, !k}. */
final class LabelSelector {
    private static final String NAME = "[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?";
    private static final String KEY = "(?:[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?/)?" + NAME;
    private static final String VALUE = "(?:" + NAME + ")?";
    private static final Pattern REQUIREMENT =
            Pattern.compile("\\s*(?:(?<not>!)\\s*(?<absent>" + KEY + ")|(?<key>" + KEY
                    + ")(?:\\s*(?<operator>==|=|!=)\\s*(?<value>" + VALUE
                    + ")|\\s+(?<set>in|notin)\\s*\\((?<values>[^()]*)\\))?)"
                    + "\\s*(?:,|$)");

    /** @param values the allowed, or if negated the forbidden, values; null: any value */
    private record Requirement(String key, boolean negated, Set<String> values) {
        boolean matches(Map<String, String> labels) {
            boolean met = labels.containsKey(key) && (values == null || values.contains(labels.get(key)));
            return met != negated;
        }
    }

    private final List<Requirement> requirements = new ArrayList<>();

    private LabelSelector() {}

    /** The empty text matches everything. */
    static LabelSelector parse(String text, SourceLocation at) throws UserErrorException {
        LabelSelector selector = new LabelSelector();
        Matcher matcher = REQUIREMENT.matcher(text);
        int position = 0;
        while (position < text.length() && !text.isBlank()) {
            if (!matcher.find(position) || matcher.start() != position) {
                throw refuse(text, at);
            }
            selector.requirements.add(requirement(matcher, text, at));
            position = matcher.end();
        }
        if (text.stripTrailing().endsWith(",")) {
            throw refuse(text, at);
        }
        return selector;
    }

    private static Requirement requirement(Matcher matcher, String text, SourceLocation at) throws UserErrorException {
        if (matcher.group("not") != null) {
            return new Requirement(matcher.group("absent"), true, null);
        }
        String key = matcher.group("key");
        if (matcher.group("operator") != null) {
            return new Requirement(key, matcher.group("operator").equals("!="), Set.of(matcher.group("value")));
        }
        if (matcher.group("set") == null) {
            return new Requirement(key, false, null);
        }
        List<String> values = new ArrayList<>();
        for (String value : matcher.group("values").split(",", -1)) {
            if (!value.strip().matches(VALUE)) {
                throw refuse(text, at);
            }
            values.add(value.strip());
        }
        return new Requirement(key, matcher.group("set").equals("notin"), Set.copyOf(values));
    }

    private static UserErrorException refuse(String text, SourceLocation at) {
        return new UserErrorException(
                at, "the selector " + text + " is not supported", "Write it like a=b,c!=d,e in (f,g),h,!i");
    }

    boolean matches(Map<String, String> labels) {
        for (Requirement requirement : requirements) {
            if (!requirement.matches(labels)) {
                return false;
            }
        }
        return true;
    }
}
