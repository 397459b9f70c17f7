package io.jenkins.plugins.gitops.promotion;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The people whose approval of a promotion does not count (four-eyes principle). Immutable; stored with the run. */
public final class ExcludedPeople implements Serializable {
    private static final long serialVersionUID = 1L;

    private final ArrayList<ExcludedPerson> people;
    private final ArrayList<String> unknown;
    private final ArrayList<String> considered;
    private final boolean someoneKnown;

    private ExcludedPeople(Builder from, boolean someoneKnown) {
        this.people = new ArrayList<>(from.people.values());
        this.unknown = new ArrayList<>(from.unknown);
        this.considered = new ArrayList<>(from.considered);
        this.someoneKnown = someoneKnown;
    }

    /** Collects people; only the first role of each is kept. */
    public static final class Builder {
        private final Map<String, ExcludedPerson> people = new LinkedHashMap<>();
        private final Set<String> unknown = new LinkedHashSet<>();
        private final Set<String> considered = new LinkedHashSet<>();

        /** @param why explains more than the role, as text for people; null for the role only */
        public Builder add(String id, ExcludedPerson.Role role, @CheckForNull String why) {
            people.putIfAbsent(id, new ExcludedPerson(id, role, why));
            return this;
        }

        /** @param name of a contributor as recorded in Git, whether or not it matches a user */
        Builder consider(String name) {
            considered.add(name);
            return this;
        }

        /** @param name a participant who matches no known user of this Jenkins */
        public Builder addUnknown(String name) {
            unknown.add(name);
            return this;
        }

        /** @param someoneKnown whether at least one person who is responsible for the promotion is known */
        public ExcludedPeople build(boolean someoneKnown) {
            return new ExcludedPeople(this, someoneKnown);
        }
    }

    public List<ExcludedPerson> people() {
        return Collections.unmodifiableList(people);
    }

    /** Authors who match no user of this Jenkins: names and mail addresses, as recorded in their commits. */
    public List<String> unknown() {
        return Collections.unmodifiableList(unknown);
    }

    /** Whether at least one responsible person is known; the identity that the build runs as does not count. */
    boolean isSomeoneKnown() {
        return someoneKnown;
    }

    /** Whether a contributor, as recorded in Git, was already considered when this was built. */
    boolean isConsidered(String name) {
        return considered.contains(name) || ids().contains(name);
    }

    /** Ids of {@link #people}. */
    public Set<String> ids() {
        Set<String> ids = new LinkedHashSet<>();
        people.forEach(p -> ids.add(p.getId()));
        return ids;
    }
}
