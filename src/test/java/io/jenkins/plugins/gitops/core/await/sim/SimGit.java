package io.jenkins.plugins.gitops.core.await.sim;

import io.jenkins.plugins.gitops.core.await.GitFacts;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A branch, and the clone of it that waits use. */
public final class SimGit {
    private final Map<String, Commit> commits = new HashMap<>();
    private Commit tip;

    /**
     * A commit.
     *
     * @param value the image; 0 if the application does not exist
     * @param rest all other rendered content
     * @param broken whether it cannot be rendered
     */
    public record Commit(String revision, Commit parent, int value, int rest, boolean broken) {
        boolean includes(Commit ancestor) {
            for (Commit commit = this; commit != null; commit = commit.parent) {
                if (commit == ancestor) {
                    return true;
                }
            }
            return false;
        }

        boolean rendersAs(Commit other) {
            return other != null && value == other.value && rest == other.rest && broken == other.broken;
        }

        @Override
        public String toString() {
            return revision.substring(36) + "=" + value + "/" + rest + (broken ? "!" : "");
        }

        @Override
        public int hashCode() {
            return revision.hashCode();
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }
    }

    Commit tip() {
        return tip;
    }

    Commit commit(String revision) {
        return commits.get(revision);
    }

    Commit push(int value, int rest, boolean broken) {
        return push(tip, value, rest, broken);
    }

    /** Pushes on top of any commit; later commits are dropped from the branch. */
    Commit push(Commit parent, int value, int rest, boolean broken) {
        Commit commit = new Commit(String.format("%040x", commits.size() + 1), parent, value, rest, broken);
        commits.put(commit.revision(), commit);
        tip = commit;
        return commit;
    }

    void reset(Commit commit) {
        tip = commit;
    }

    /** Returns the images that a commit sets. */
    static List<ImageReference> images(Commit commit) {
        return List.of(new ImageReference("registry.example.com/payments-api", "v" + commit.value(), null));
    }

    /** What Jenkins has fetched. */
    final class Clone implements GitFacts {
        private final Commit mine;
        private final Set<Commit> known = new HashSet<>();
        private Commit fetched;

        Clone(Commit mine) {
            this.mine = mine;
            fetch();
        }

        boolean fetch() {
            boolean moved = fetched != tip;
            fetched = tip;
            for (Commit commit = tip; commit != null && known.add(commit); ) {
                commit = commit.parent();
            }
            return moved;
        }

        @Override
        public String branch() {
            return "main";
        }

        @Override
        public List<ImageReference> images() {
            return SimGit.images(mine);
        }

        @Override
        public String tip() {
            return fetched.revision();
        }

        @Override
        public boolean contains(String revision) {
            return known.contains(commits.get(revision));
        }

        @Override
        public boolean isAtOrAfterChange(String revision) {
            return contains(revision) && commits.get(revision).includes(mine);
        }

        @Override
        public boolean hasExpectedImages(String revision) {
            return contains(revision) && commits.get(revision).value() == mine.value();
        }

        @Override
        public SupersedingChange supersedingChange() {
            List<Commit> since = new ArrayList<>();
            for (Commit commit = fetched; commit != mine; commit = commit.parent()) {
                since.add(0, commit);
            }
            for (Commit commit : since) {
                if (commit.value() != mine.value()) {
                    return new SupersedingChange(
                            commit.revision(),
                            "set " + commit.value(),
                            commit.value() == mine.parent().value(),
                            commit.value() == 0);
                }
            }
            return null;
        }
    }
}
