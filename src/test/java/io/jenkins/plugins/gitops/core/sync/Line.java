package io.jenkins.plugins.gitops.core.sync;

import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A branch on which OLD, then MINE, then LATER (still mine), then OTHER were pushed. */
final class Line implements GitFacts {
    static final String OLD = "0".repeat(40);
    static final String MINE = "1".repeat(40);
    static final String LATER = "2".repeat(40);
    static final String OTHER = "3".repeat(40);
    static final String UNFETCHED = "9".repeat(40);

    private final String tip;
    private final Replacement replacement;
    private List<ImageReference> images = List.of();
    private boolean inApplication;
    private boolean elsewhere;

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
        return images;
    }

    /** What MINE set, each as {@code name:tag} or {@code name@digest}. */
    Line setting(String... references) {
        images = Stream.of(references).map(Line::image).toList();
        return this;
    }

    private static ImageReference image(String reference) {
        try {
            return ImageReference.parse(reference);
        } catch (RefusedException e) {
            throw new AssertionError(e);
        }
    }

    /** The images stand in the manifest of an Application. */
    Line inApplication() {
        inApplication = true;
        return this;
    }

    /** OLD is not on the branch. */
    Line withOldElsewhere() {
        elsewhere = true;
        return this;
    }

    @Override
    public boolean isSetInApplication() {
        return inApplication;
    }

    @Override
    public boolean isElsewhere(String revision) {
        return elsewhere && OLD.equals(revision);
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
