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

/** Four eyes: whose approval of a promotion does not count. Immutable; stored with the run. */
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

    /** Collects people; the first role of each counts. */
    public static final class Builder {
        private final Map<String, ExcludedPerson> people = new LinkedHashMap<>();
        private final Set<String> unknown = new LinkedHashSet<>();
        private final Set<String> considered = new LinkedHashSet<>();

        /** @param why more than the role says, in words; null for the role alone */
        public Builder add(String id, ExcludedPerson.Role role, @CheckForNull String why) {
            people.putIfAbsent(id, new ExcludedPerson(id, role, why));
            return this;
        }

        /** @param name of a contributor as Git has it, whoever that turned out to be */
        Builder consider(String name) {
            considered.add(name);
            return this;
        }

        /** @param name somebody who has to do with it and is no user of this Jenkins that is known */
        public Builder addUnknown(String name) {
            unknown.add(name);
            return this;
        }

        /** @param someoneKnown whether a person is known who stands behind it */
        public ExcludedPeople build(boolean someoneKnown) {
            return new ExcludedPeople(this, someoneKnown);
        }
    }

    public List<ExcludedPerson> people() {
        return Collections.unmodifiableList(people);
    }

    /** Authors that are no users of this Jenkins: names and mail addresses, as they stand in their commits. */
    public List<String> unknown() {
        return Collections.unmodifiableList(unknown);
    }

    /** Whether a person is known who stands behind it; not the identity alone that the build runs as. */
    boolean isSomeoneKnown() {
        return someoneKnown;
    }

    /** Whether a contributor, as Git names one, was known when people were asked. */
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
