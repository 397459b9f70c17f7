package io.jenkins.plugins.gitops.core.sync;

import io.jenkins.plugins.gitops.core.model.ImageReference;
import java.util.List;
import java.util.Set;

/** A branch on which OLD, then MINE, then LATER (still mine), then OTHER were pushed. */
final class Line implements GitFacts {
    static final String OLD = "0".repeat(40);
    static final String MINE = "1".repeat(40);
    static final String LATER = "2".repeat(40);
    static final String OTHER = "3".repeat(40);
    static final String UNFETCHED = "9".repeat(40);

    private final String tip;
    private final Replacement replacement;

    private Line(String tip, Replacement replacement) {
        this.tip = tip;
        this.replacement = replacement;
    }

    static Line upTo(String tip) {
        return new Line(tip, null);
    }

    static Line replaced(Replacement by) {
        return new Line(OTHER, by);
    }

    @Override
    public String branch() {
        return "main";
    }

    @Override
    public List<ImageReference> images() {
        return List.of();
    }

    @Override
    public String tip() {
        return tip;
    }

    @Override
    public boolean knows(String revision) {
        return Set.of(OLD, MINE, LATER, OTHER).contains(revision);
    }

    @Override
    public boolean includes(String revision) {
        return Set.of(MINE, LATER, OTHER).contains(revision);
    }

    @Override
    public boolean holds(String revision) {
        return Set.of(MINE, LATER).contains(revision);
    }

    @Override
    public Replacement replacement() {
        return replacement;
    }
}
