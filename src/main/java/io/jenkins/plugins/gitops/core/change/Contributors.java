package io.jenkins.plugins.gitops.core.change;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.change.ImageHistory.ImageVersion;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.delivery.TargetImages;
import io.jenkins.plugins.gitops.core.git.Author;
import io.jenkins.plugins.gitops.core.git.BranchTip;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.FileSetVersion;
import io.jenkins.plugins.gitops.core.git.RevisionReader;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.ShortRevision;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.promotion.Contributor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Finds the people who contributed to what a promotion delivers: in all changes of the source between the current image
 * of the destination and the promoted one. Where such a change is a promotion itself, follows it to its source, back to
 * the change that set the image. Trailers count only where the files agree; for all other commits, the author and the
 * committer count.
 */
public final class Contributors {
    /** Maximum number of changes between two promotions; people could not review more of them. */
    private static final int MAX_ENTRIES = 500;

    private final RevisionReader revisionReader;
    private final BranchRevisions branches;
    /** By the policy that counts now. */
    private final Delivery policy;
    /** The branch of the reader; null for that of the policy. */
    @CheckForNull
    private final String home;

    private final ContributorCollector contributorCollector = new ContributorCollector();
    private final Map<String, ImageHistory.EntryCache> known = new HashMap<>();
    private final Set<String> seen = new HashSet<>();
    private String asked;

    private Contributors(
            RevisionReader revisionReader, BranchRevisions branches, Delivery policy, @CheckForNull String home) {
        this.revisionReader = revisionReader;
        this.branches = branches;
        this.policy = policy;
        this.home = home;
    }

    /**
     * The contributors recorded in Git, those of the newest changes first; empty when there are none. Reads many files
     * and commits, no network.
     *
     * @throws UserErrorException when they cannot be determined with certainty, so that no approval can count
     * @throws IOException when the clone cannot be read
     */
    public static List<Contributor> of(ConfigRepository repository, PromotionPlan promotionPlan)
            throws UserErrorException, IOException {
        return of(repository, promotionPlan.sourceRevision(), promotionPlan, BranchRevisions.NONE);
    }

    /**
     * As {@link #of(ConfigRepository, PromotionPlan)}, if environments are on different branches.
     *
     * @param repository the branch of the destination
     * @param revision of that branch
     * @param branches the others
     */
    public static List<Contributor> of(
            ConfigRepository repository, String revision, PromotionPlan promotionPlan, BranchRevisions branches)
            throws UserErrorException, IOException {
        RevisionReader revisionReader = repository.revisions();
        FileTree files = revisionReader.files(revision);
        return new Contributors(
                        revisionReader,
                        branches,
                        Delivery.load(files),
                        promotionPlan.destination().environmentBranch())
                .find(promotionPlan, files, (path, most) -> revisionReader.fileLog(revision, path, most));
    }

    /** As {@link #of(ConfigRepository, PromotionPlan)}, on the tip that is written to. */
    static List<Contributor> of(BranchTip tip, PromotionPlan promotionPlan, BranchRevisions branches)
            throws UserErrorException, IOException {
        FileTree files = tip.files();
        return new Contributors(
                        tip.revisions(),
                        branches,
                        Delivery.load(files),
                        promotionPlan.destination().environmentBranch())
                .find(promotionPlan, files, tip::fileLog);
    }

    /** The reader of the branch of a target. */
    private RevisionReader reader(String application, String environment) throws UserErrorException {
        String branch = policy.branchOf(application, environment);
        return Objects.equals(branch, home) ? revisionReader : branches.of(branch);
    }

    private RevisionReader reader(Target target) throws UserErrorException {
        return reader(target.application(), target.environment());
    }

    private List<Contributor> find(
            PromotionPlan promotionPlan, FileTree files, FileSetVersion.FileLogReader fileLogReader)
            throws UserErrorException, IOException {
        Target destination = promotionPlan.destination();
        asked = destination.id();
        Map<String, String> names = new HashMap<>();
        promotionPlan
                .promoted()
                .forEach(
                        image -> names.put(image.result().name(), image.source().name()));
        SourceImages sourceImages = new SourceImages(
                TargetImages.read(files, destination),
                () -> ImageHistory.newestFirst(files, fileLogReader, destination, MAX_ENTRIES),
                names);
        walk(promotionPlan.source(), promotionPlan.sourceRevision(), promotionPlan.sourceImages(), sourceImages);
        return contributorCollector.list();
    }

    /**
     * The images that the destination of a promotion had, newest first, by their names at the source. The history is
     * read only when it is needed.
     */
    private static final class SourceImages {
        private final List<ImageReference> present;
        private final HistoryReader historyReader;
        private final Map<String, String> names;
        private List<ImageVersion> past;

        private interface HistoryReader {
            List<ImageVersion> read() throws UserErrorException, IOException;
        }

        /** @param names by name at the destination: the name at the source, where they differ */
        private SourceImages(List<ImageReference> present, HistoryReader historyReader, Map<String, String> names) {
            this.present = renamed(present, names);
            this.historyReader = historyReader;
            this.names = names;
        }

        /** The images before a number of changes; null when the history does not go back that far. */
        @CheckForNull
        private List<ImageReference> state(int at) throws UserErrorException, IOException {
            if (at == 0) {
                return present;
            }
            if (past == null) {
                past = historyReader.read();
            }
            return at <= past.size() ? renamed(past.get(at - 1).images(), names) : null;
        }
    }

    /**
     * @param images taken from the target at the revision
     * @param sourceImages what the destination had before; changes of the target that are as old as the newest of these
     *     do not count
     */
    private void walk(Target target, String revision, List<ImageReference> images, SourceImages sourceImages)
            throws UserErrorException, IOException {
        for (ImageReference image : images) {
            if (sourceImages.present.contains(image)) {
                continue;
            }
            List<ImageVersion> history = history(target, revision, image.name(), sourceImages);
            int end = end(history, image.name(), sourceImages);
            for (int i = 0; i < end; i++) {
                ImageVersion imageVersion = history.get(i);
                if (imageVersion.changes().stream().anyMatch(change -> isAbout(change, image.name()))
                        && seen.add(target.id() + "@" + imageVersion.revision())) {
                    if (seen.size() > MAX_ENTRIES) {
                        throw tooMany(target);
                    }
                    visit(target, imageVersion, history.subList(i + 1, history.size()));
                }
            }
        }
    }

    private static boolean isAbout(ImageChange change, String name) {
        ImageReference image = change.to() == null ? change.from() : change.to();
        return image != null && image.name().equals(name);
    }

    /** The history of the target, as far back as an image that the destination had, or to its beginning. */
    private List<ImageVersion> history(Target target, String revision, String name, SourceImages sourceImages)
            throws UserErrorException, IOException {
        ImageHistory.EntryCache before = known.computeIfAbsent(target.id(), id -> new ImageHistory.EntryCache());
        RevisionReader reader = reader(target);
        for (int limit = 32; ; limit = Math.min(2 * limit, MAX_ENTRIES + 1)) {
            ImageHistory.RecentEntries recentEntries = ImageHistory.newest(
                    reader.files(revision),
                    (path, most) -> reader.fileLog(revision, path, most),
                    target,
                    limit,
                    before);
            List<ImageVersion> history = recentEntries.entries();
            boolean complete = !recentEntries.cut() && history.size() < limit;
            if (complete || end(history, name, sourceImages) < history.size()) {
                return history;
            }
            if (recentEntries.cut() || limit > MAX_ENTRIES) {
                throw tooMany(target);
            }
        }
    }

    /**
     * The index of the change that set an image that the destination had; the size of the history when there is none.
     */
    private static int end(List<ImageVersion> history, String name, SourceImages sourceImages)
            throws UserErrorException, IOException {
        int at = 0;
        for (List<ImageReference> state = sourceImages.state(0); state != null; state = sourceImages.state(++at)) {
            ImageReference old = named(state, name);
            for (int i = history.size() - 1; old != null && i >= 0; i--) {
                if (history.get(i).images().contains(old)) {
                    return i;
                }
            }
        }
        return history.size();
    }

    @CheckForNull
    private static ImageReference named(List<ImageReference> images, String name) {
        return images.stream()
                .filter(image -> image.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** @param older the preceding changes of the target, newest first */
    private void visit(Target target, ImageVersion imageVersion, List<ImageVersion> older)
            throws UserErrorException, IOException {
        Trailers trailers = imageVersion.commit().trailers();
        String from = trailers.first(Trailers.PROMOTED_FROM).orElse(null);
        PromotedFrom promotedFrom = imageVersion.own() && from != null ? PromotedFrom.parse(from) : null;
        Map<String, String> names = promotedFrom == null ? null : namesAtSource(promotedFrom, target, imageVersion);
        if (!imageVersion.own() || from != null && names == null) {
            external(target, imageVersion);
            return;
        }
        own(target, imageVersion);
        if (names != null) {
            List<ImageReference> before =
                    older.isEmpty() ? List.of() : older.get(0).images();
            walk(
                    source(promotedFrom),
                    promotedFrom.revision(),
                    renamed(came(imageVersion), names),
                    new SourceImages(before, () -> older, names));
        }
    }

    /** The source of a promotion, according to its trailer. */
    private record PromotedFrom(String application, String environment, String revision) {
        @CheckForNull
        static PromotedFrom parse(String text) {
            int at = text.lastIndexOf('@');
            int slash = text.indexOf('/');
            return slash < 0 || at < slash
                    ? null
                    : new PromotedFrom(text.substring(0, slash), text.substring(slash + 1, at), text.substring(at + 1));
        }
    }

    private Target source(PromotedFrom promotedFrom) throws UserErrorException, IOException {
        RevisionReader reader = reader(promotedFrom.application(), promotedFrom.environment());
        return Delivery.load(reader.files(promotedFrom.revision()))
                .target(promotedFrom.application(), promotedFrom.environment());
    }

    /**
     * The names at the source of the images of a promotion, by their names at the target.
     *
     * @return null when the source did not have the images that the trailers of the promotion claim
     * @throws UserErrorException when the source is on another branch, and its revision is not known
     */
    @CheckForNull
    private Map<String, String> namesAtSource(PromotedFrom promotedFrom, Target target, ImageVersion promotion)
            throws UserErrorException, IOException {
        RevisionReader reader = reader(promotedFrom.application(), promotedFrom.environment());
        boolean across = reader != revisionReader || reader(target) != revisionReader;
        if (!reader.contains(promotedFrom.revision())) {
            if (across) {
                throw notFetched(promotedFrom, promotion, target);
            }
            return null;
        }
        try {
            FileTree there = reader.files(promotedFrom.revision());
            FileTree here = across ? reader(target).files(promotion.revision()) : there;
            Delivery delivery = Delivery.load(here);
            Target source = source(promotedFrom);
            Map<String, String> names = ImageCorrespondence.of(
                            there, here, delivery, source, delivery.target(target.application(), target.environment()))
                    .sourceNames();
            return TargetImages.read(there, source).containsAll(renamed(came(promotion), names)) ? names : null;
        } catch (UserErrorException e) {
            return null;
        }
    }

    /** Who wrote what came from there must not be left out because a clone is behind. */
    private UserErrorException notFetched(PromotedFrom promotedFrom, ImageVersion promotion, Target target) {
        return new UserErrorException(
                "It is not possible to determine who wrote what " + asked + " would get: commit "
                        + promotion.shortRevision() + " of " + target.id() + " was promoted from "
                        + promotedFrom.application() + "/" + promotedFrom.environment() + " at "
                        + ShortRevision.of(promotedFrom.revision()) + ", which is not known",
                "Promote again when that branch has been fetched");
    }

    private static List<ImageReference> renamed(List<ImageReference> images, Map<String, String> names) {
        return images.stream()
                .map(image ->
                        new ImageReference(names.getOrDefault(image.name(), image.name()), image.tag(), image.digest()))
                .toList();
    }

    private static List<ImageReference> came(ImageVersion imageVersion) {
        List<ImageReference> images = new ArrayList<>();
        for (ImageChange change : imageVersion.changes()) {
            if (change.to() != null) {
                images.add(change.to());
            }
        }
        return images;
    }

    private void own(Target target, ImageVersion imageVersion) throws UserErrorException {
        Trailers trailers = imageVersion.commit().trailers();
        String revision = imageVersion.revision();
        for (String id : trailers.all(Trailers.REQUESTED_BY)) {
            contributorCollector.addUser(
                    id, new Contributor.Contribution(Contributor.ContributionKind.REQUESTED, target.id(), revision));
        }
        for (String author : trailers.all(Trailers.AUTHOR)) {
            if (author.equals(ChangeMetadata.TOO_MANY)) {
                throw new UserErrorException(
                        "It is not possible to determine who wrote what " + asked + " would get: commit "
                                + imageVersion.shortRevision() + " of " + target.id()
                                + " has more authors than it lists",
                        "Deliver fewer changes at once: set an image with fewer changes first");
            }
            contributorCollector.addNamed(
                    author, new Contributor.Contribution(Contributor.ContributionKind.AUTHORED, target.id(), revision));
        }
        Author committer = new Author(
                imageVersion.commit().authorName(), imageVersion.commit().authorEmail());
        if (!committer.isOfUser()) {
            contributorCollector.addAuthor(
                    committer,
                    new Contributor.Contribution(Contributor.ContributionKind.COMMITTED, target.id(), revision));
        }
    }

    /** Adds the authors of a change that was made by hand, or whose trailers disagree with its files. */
    private void external(Target target, ImageVersion imageVersion) throws UserErrorException, IOException {
        Set<Author> authors = new LinkedHashSet<>();
        for (String file : imageVersion.files()) {
            authors.addAll(reader(target).authors(imageVersion.revision(), file).orElseThrow(() -> tooMany(target)));
        }
        for (Author author : authors) {
            contributorCollector.addAuthor(
                    author,
                    new Contributor.Contribution(
                            Contributor.ContributionKind.COMMITTED, target.id(), imageVersion.revision()));
        }
    }

    private UserErrorException tooMany(Target target) {
        return new UserErrorException(
                "It is not possible to determine who wrote what " + asked + " would get: there are more than "
                        + MAX_ENTRIES + " changes of " + target.id() + " in between",
                "Set " + asked + " in Git to an image that " + target.id() + " had within its last " + MAX_ENTRIES
                        + " changes, then promote again");
    }
}
