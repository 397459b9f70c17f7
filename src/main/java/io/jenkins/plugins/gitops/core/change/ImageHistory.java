package io.jenkins.plugins.gitops.core.change;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.delivery.TargetImages;
import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Which images a target held, from Git alone: each commit that changed them, by this plugin or by hand. */
final class ImageHistory {
    /** Far enough back for any rollback that a person still means. */
    private static final int COMMITS = 200;

    private static final int SHORTEST_REVISION = 7;

    private final ConfigRepository repository;
    private final Target target;

    ImageHistory(ConfigRepository repository, Target target) {
        this.repository = repository;
        this.target = target;
    }

    /**
     * @param images all images that the target held from this commit on
     * @param rollback whether the commit took an earlier one back
     */
    record Entry(String revision, List<ImageReference> images, boolean rollback) {
        Entry {
            images = List.copyOf(images);
        }

        boolean isCalled(String revisionOrTag) {
            return revisionOrTag.length() >= SHORTEST_REVISION && revision.startsWith(revisionOrTag)
                    || images.stream().anyMatch(i -> revisionOrTag.equals(i.tag()) || revisionOrTag.equals(i.digest()));
        }
    }

    /** Runs of commits with equal images count as one, named after the commit that began the run. */
    List<Entry> newestFirst(String revision) throws IOException, RefusedException {
        List<Entry> entries = new ArrayList<>();
        for (CommitInfo commit : repository.log(revision, target.path(), COMMITS)) {
            List<ImageReference> images;
            try {
                images = TargetImages.read(repository.files(commit.revision()), target);
            } catch (RefusedException e) {
                // Once the file was broken or not there: no state to go back to.
                continue;
            }
            Entry entry = new Entry(
                    commit.revision(),
                    images,
                    commit.trailers().first(Trailers.ROLLBACK_OF).isPresent());
            int last = entries.size() - 1;
            if (last >= 0 && entries.get(last).images().equals(images)) {
                entries.set(last, entry);
            } else {
                entries.add(entry);
            }
        }
        return entries;
    }

    /**
     * What stood before the present images. After a rollback that is what stood before the images it went back to, so
     * that two rollbacks in a row go back two steps and never forward to what was taken back.
     */
    @CheckForNull
    static Entry previous(List<Entry> history) {
        int at = 0;
        while (at < history.size() && history.get(at).rollback()) {
            int origin = nextWithSameImages(history, at);
            if (origin < 0) {
                break;
            }
            at = origin;
        }
        return at + 1 < history.size() ? history.get(at + 1) : null;
    }

    /** The newest earlier entry that has this revision or tag; null when there is none. */
    @CheckForNull
    static Entry find(List<Entry> history, String revisionOrTag) {
        for (Entry entry : history) {
            if (entry.isCalled(revisionOrTag)) {
                return entry;
            }
        }
        return null;
    }

    private static int nextWithSameImages(List<Entry> history, int at) {
        for (int i = at + 1; i < history.size(); i++) {
            if (history.get(i).images().equals(history.get(at).images())) {
                return i;
            }
        }
        return -1;
    }
}
