package io.jenkins.plugins.gitops.core.await;

import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A branch to which OLD, MINE, LATER (still mine) and OTHER were pushed in this order. */
final class FakeBranch implements GitFacts {
    private boolean named = true;
    static final String OLD = "0".repeat(40);
    static final String MINE = "1".repeat(40);
    static final String LATER = "2".repeat(40);
    static final String OTHER = "3".repeat(40);
    static final String UNFETCHED = "9".repeat(40);

    private final String tip;
    private final SupersedingChange supersedingChange;
    private List<ImageReference> images = List.of();
    private boolean inApplication;
    private boolean elsewhere;

    private FakeBranch(String tip, SupersedingChange supersedingChange) {
        this.tip = tip;
        this.supersedingChange = supersedingChange;
    }

    static FakeBranch upTo(String tip) {
        return new FakeBranch(tip, null);
    }

    static FakeBranch replaced(SupersedingChange by) {
        return new FakeBranch(OTHER, by);
    }

    @Override
    public String branch() {
        return "main";
    }

    /** Makes the name of the image unknown. */
    FakeBranch unnamed() {
        named = false;
        return this;
    }

    @Override
    public Set<String> unnamedImages() {
        return named ? Set.of() : images().stream().map(ImageReference::name).collect(Collectors.toSet());
    }

    @Override
    public List<ImageReference> images() {
        return images;
    }

    /** Sets the images of MINE, each as {@code name:tag} or {@code name@digest}. */
    FakeBranch setting(String... references) {
        images = Stream.of(references).map(FakeBranch::image).toList();
        return this;
    }

    private static ImageReference image(String reference) {
        try {
            return ImageReference.parse(reference);
        } catch (UserErrorException e) {
            throw new AssertionError(e);
        }
    }

    /** The images are in an Application manifest. */
    FakeBranch inApplication() {
        inApplication = true;
        return this;
    }

    /** OLD is not on the branch. */
    FakeBranch withOldElsewhere() {
        elsewhere = true;
        return this;
    }

    @Override
    public boolean isSetInApplication() {
        return inApplication;
    }

    @Override
    public boolean isOffBranch(String revision) {
        return elsewhere && OLD.equals(revision);
    }

    @Override
    public String tip() {
        return tip;
    }

    @Override
    public boolean contains(String revision) {
        return Set.of(OLD, MINE, LATER, OTHER).contains(revision);
    }

    @Override
    public boolean isAtOrAfterChange(String revision) {
        return Set.of(MINE, LATER, OTHER).contains(revision);
    }

    @Override
    public boolean hasExpectedImages(String revision) {
        return Set.of(MINE, LATER).contains(revision);
    }

    @Override
    public SupersedingChange supersedingChange() {
        return supersedingChange;
    }
}
