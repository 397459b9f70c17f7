package io.jenkins.plugins.gitops.core.change;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.change.ImageHistory.Entry;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.delivery.TargetImages;
import io.jenkins.plugins.gitops.core.git.Author;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.Revisions;
import io.jenkins.plugins.gitops.core.git.Tip;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.promotion.Person;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who had a hand in what a promotion brings: in all changes of the source between the image that the destination holds and the
 * one that comes, and where these were promotions, in what they brought, back to where the image was set. A commit's word is
 * taken where the files say the same; of all others, it is its author and committer.
 */
public final class Contributors {
    /** More changes than anybody would look through between two promotions. */
    private static final int MOST = 500;

    private final Revisions revisions;
    private final People people = new People();
    private final Map<String, ImageHistory.Known> known = new HashMap<>();
    private final Set<String> seen = new HashSet<>();
    private String asked;

    private Contributors(Revisions revisions) {
        this.revisions = revisions;
    }

    /**
     * The people as far as Git knows them, those of the newest changes first; empty when it names nobody. Reads a lot, no
     * network.
     *
     * @throws RefusedException when they cannot be told with certainty: then nobody's approval can count
     * @throws IOException when the clone cannot be read
     */
    public static List<Person> of(ConfigRepository repository, Promotion promotion)
            throws RefusedException, IOException {
        Revisions revisions = repository.revisions();
        String revision = promotion.sourceRevision();
        return new Contributors(revisions)
                .find(promotion, revisions.files(revision), (path, most) -> revisions.fileLog(revision, path, most));
    }

    /** The same on the tip that is written to. */
    static List<Person> of(Tip tip, Promotion promotion) throws RefusedException, IOException {
        return new Contributors(tip.revisions()).find(promotion, tip.files(), tip::fileLog);
    }

    private List<Person> find(Promotion promotion, FileTree files, ImageHistory.Log log)
            throws RefusedException, IOException {
        Target destination = promotion.destination();
        asked = destination.id();
        Held held = new Held(
                TargetImages.read(files, destination), () -> ImageHistory.newestFirst(files, log, destination, MOST));
        walk(promotion.source(), promotion.sourceRevision(), promotion.images(), held);
        return people.list();
    }

    /** Which images the taker of others held, newest first. What it held once is read only when that is asked for. */
    private static final class Held {
        private final List<ImageReference> present;
        private final History history;
        private List<Entry> past;

        private interface History {
            List<Entry> read() throws RefusedException, IOException;
        }

        private Held(List<ImageReference> present, History history) {
            this.present = present;
            this.history = history;
        }

        /** Null when there is no older one. */
        @CheckForNull
        private List<ImageReference> state(int at) throws RefusedException, IOException {
            if (at == 0) {
                return present;
            }
            if (past == null) {
                past = history.read();
            }
            return at <= past.size() ? past.get(at - 1).images() : null;
        }
    }

    /**
     * @param images what is taken from the target at the revision
     * @param held what the taker held before: no change of the target counts that is as old as the newest of these
     */
    private void walk(Target target, String revision, List<ImageReference> images, Held held)
            throws RefusedException, IOException {
        for (ImageReference image : images) {
            if (held.present.contains(image)) {
                continue;
            }
            List<Entry> history = history(target, revision, image.name(), held);
            int end = end(history, image.name(), held);
            for (int i = 0; i < end; i++) {
                Entry entry = history.get(i);
                if (entry.changes().stream().anyMatch(change -> isAbout(change, image.name()))
                        && seen.add(target.id() + "@" + entry.revision())) {
                    if (seen.size() > MOST) {
                        throw tooMany(target);
                    }
                    visit(target, entry, history.subList(i + 1, history.size()));
                }
            }
        }
    }

    private static boolean isAbout(ImageChange change, String name) {
        ImageReference image = change.to() == null ? change.from() : change.to();
        return image != null && image.name().equals(name);
    }

    /** So much of the target's history that it reaches back to what the taker held, or to its beginning. */
    private List<Entry> history(Target target, String revision, String name, Held held)
            throws RefusedException, IOException {
        ImageHistory.Known before = known.computeIfAbsent(target.id(), id -> new ImageHistory.Known());
        for (int limit = 32; ; limit = Math.min(2 * limit, MOST + 1)) {
            ImageHistory.Newest newest = ImageHistory.newest(
                    revisions.files(revision),
                    (path, most) -> revisions.fileLog(revision, path, most),
                    target,
                    limit,
                    before);
            List<Entry> history = newest.entries();
            boolean complete = !newest.cut() && history.size() < limit;
            if (complete || end(history, name, held) < history.size()) {
                return history;
            }
            if (newest.cut() || limit > MOST) {
                throw tooMany(target);
            }
        }
    }

    /** The position of the change that brought what the taker held; the history's end when it never held any of it. */
    private static int end(List<Entry> history, String name, Held held) throws RefusedException, IOException {
        int at = 0;
        for (List<ImageReference> state = held.state(0); state != null; state = held.state(++at)) {
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

    /** @param older what the target held before, newest first */
    private void visit(Target target, Entry entry, List<Entry> older) throws RefusedException, IOException {
        Trailers trailers = entry.commit().trailers();
        String from = trailers.first(Trailers.PROMOTED_FROM).orElse(null);
        Hop hop = entry.own() && from != null ? Hop.parse(from) : null;
        if (!entry.own() || from != null && (hop == null || !brought(hop, entry))) {
            foreign(target, entry);
            return;
        }
        own(target, entry);
        if (hop != null) {
            List<ImageReference> before =
                    older.isEmpty() ? List.of() : older.get(0).images();
            walk(source(hop), hop.revision(), came(entry), new Held(before, () -> older));
        }
    }

    /** Where a promotion says that it took its images from. */
    private record Hop(String application, String environment, String revision) {
        @CheckForNull
        static Hop parse(String text) {
            int at = text.lastIndexOf('@');
            int slash = text.indexOf('/');
            return slash < 0 || at < slash
                    ? null
                    : new Hop(text.substring(0, slash), text.substring(slash + 1, at), text.substring(at + 1));
        }
    }

    private Target source(Hop hop) throws RefusedException, IOException {
        return Delivery.load(revisions.files(hop.revision())).target(hop.application(), hop.environment());
    }

    /** Whether the source did hold there what the promotion says it took from it. */
    private boolean brought(Hop hop, Entry promotion) throws IOException {
        if (!revisions.contains(hop.revision())) {
            return false;
        }
        try {
            return TargetImages.read(revisions.files(hop.revision()), source(hop))
                    .containsAll(came(promotion));
        } catch (RefusedException e) {
            return false;
        }
    }

    private static List<ImageReference> came(Entry entry) {
        List<ImageReference> images = new ArrayList<>();
        for (ImageChange change : entry.changes()) {
            if (change.to() != null) {
                images.add(change.to());
            }
        }
        return images;
    }

    private void own(Target target, Entry entry) throws RefusedException {
        Trailers trailers = entry.commit().trailers();
        String revision = entry.revision();
        for (String id : trailers.all(Trailers.REQUESTED_BY)) {
            people.addUser(id, new Person.Part(Person.Kind.REQUESTED, target.id(), revision));
        }
        for (String author : trailers.all(Trailers.AUTHOR)) {
            if (author.equals(Origin.TOO_MANY)) {
                throw new RefusedException(
                        "It cannot be told who wrote what " + asked + " would get: commit " + entry.brief() + " of "
                                + target.id() + " has more authors than it names",
                        "Ship less at once: set an image with fewer changes first");
            }
            people.addNamed(author, new Person.Part(Person.Kind.AUTHORED, target.id(), revision));
        }
        Author committer =
                new Author(entry.commit().authorName(), entry.commit().authorEmail());
        if (!committer.isOfUser()) {
            people.addAuthor(committer, new Person.Part(Person.Kind.COMMITTED, target.id(), revision));
        }
    }

    /** Made by hand, or not what it says. */
    private void foreign(Target target, Entry entry) throws RefusedException, IOException {
        Set<Author> authors = revisions.authors(entry.revision(), entry.file()).orElseThrow(() -> tooMany(target));
        for (Author author : authors) {
            people.addAuthor(author, new Person.Part(Person.Kind.COMMITTED, target.id(), entry.revision()));
        }
    }

    private RefusedException tooMany(Target target) {
        return new RefusedException(
                "It cannot be told who wrote what " + asked + " would get: there are more than " + MOST + " changes of "
                        + target.id() + " in between",
                "Set " + asked + " in Git to an image that " + target.id() + " held within its last " + MOST
                        + " changes, then promote again");
    }
}
