package io.jenkins.plugins.gitops.core.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.git.objects.RepositoryPath;
import io.jenkins.plugins.gitops.core.git.remote.RemoteErrorTranslator;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;
import org.eclipse.jgit.treewalk.EmptyTreeIterator;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.AndTreeFilter;
import org.eclipse.jgit.treewalk.filter.PathFilter;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/** Queries the commits of the clone. */
final class CommitLog {
    /** Maximum number of commits of one merge whose authors are determined. */
    static final int MAX_MERGED = 10_000;
    /** Maximum time between two consecutive commits of one rebase; far longer than a rebase takes. */
    private static final int REBASE_SECONDS = 5;

    /** Minimum length of an abbreviated commit id. */
    private static final int MIN_ABBREVIATION = 12;

    private final LocalClone clone;

    CommitLog(LocalClone clone) {
        this.clone = clone;
    }

    /** Null if the clone has no such commit. */
    @CheckForNull
    static RevCommit parse(RevWalk walk, String revision) throws IOException {
        if (revision.length() != Constants.OBJECT_ID_STRING_LENGTH || !ObjectId.isId(revision)) {
            return null;
        }
        ObjectId id = ObjectId.fromString(revision);
        return walk.getObjectReader().has(id, Constants.OBJ_COMMIT) ? walk.parseCommit(id) : null;
    }

    boolean contains(String revision) {
        try (RevWalk walk = new RevWalk(clone.repository())) {
            return parse(walk, revision) != null;
        } catch (IOException e) {
            // The commit exists but cannot be read: the next fetch recreates the clone.
            clone.noteDamage(e);
            return false;
        }
    }

    /** @throws IOException when there is no such commit, or it cannot be read */
    ObjectId tree(String revision) throws IOException {
        try (RevWalk walk = new RevWalk(clone.repository())) {
            return required(walk, revision).getTree().copy();
        }
    }

    /** @throws MissingObjectException when the clone is corrupt, since it should contain the commit */
    ObjectId tree(ObjectId commit) throws IOException {
        try (RevWalk walk = new RevWalk(clone.repository())) {
            return walk.parseCommit(commit).getTree().copy();
        }
    }

    /** @throws IOException when there is no such commit */
    static RevCommit required(RevWalk walk, String revision) throws IOException {
        RevCommit commit = parse(walk, revision);
        if (commit == null) {
            throw new IOException("There is no commit " + RemoteErrorTranslator.oneLine(revision) + " in the clone");
        }
        return commit;
    }

    boolean isAncestor(String ancestor, String descendant) throws IOException {
        try (RevWalk walk = new RevWalk(clone.repository())) {
            RevCommit first = parse(walk, ancestor);
            RevCommit second = parse(walk, descendant);
            return first != null && second != null && walk.isMergedInto(first, second);
        }
    }

    /** As {@link ConfigRepository#root}. */
    String root(String revision) throws IOException {
        try (RevWalk walk = new RevWalk(clone.repository())) {
            walk.setRetainBody(false);
            RevCommit commit = required(walk, revision);
            while (commit.getParentCount() > 0) {
                commit = walk.parseCommit(commit.getParent(0));
            }
            return commit.name();
        }
    }

    /** As {@link ConfigRepository#revisionsSince}. */
    Optional<List<String>> since(String since, String tip, int most) throws IOException {
        if (!since.matches("[0-9a-f]{" + MIN_ABBREVIATION + "," + Constants.OBJECT_ID_STRING_LENGTH + "}")) {
            return Optional.empty();
        }
        try (RevWalk walk = new RevWalk(clone.repository())) {
            walk.setRetainBody(false);
            RevCommit last = required(walk, tip);
            walk.markStart(last);
            RevCommit first = walk.next();
            for (int i = 0; first != null && !first.name().startsWith(since); i++) {
                first = i < most ? walk.next() : null;
            }
            return first == null ? Optional.empty() : Optional.of(since(walk, first, last));
        }
    }

    /** The first commit, then the commits of the first-parent line that contain it, up to the last one. */
    private static List<String> since(RevWalk walk, RevCommit first, RevCommit last) throws IOException {
        walk.reset();
        walk.markStart(last);
        walk.markUninteresting(first);
        Set<RevCommit> newer = new HashSet<>();
        walk.forEach(newer::add);
        List<RevCommit> line = new ArrayList<>();
        RevCommit commit = last;
        while (commit != null && newer.contains(commit)) {
            line.add(commit);
            commit = commit.getParentCount() == 0 ? null : commit.getParent(0);
        }
        List<String> revisions = new ArrayList<>(List.of(first.name()));
        for (int i = merged(walk, first, line); i >= 0; i--) {
            revisions.add(line.get(i).name());
        }
        return revisions;
    }

    /**
     * Index of the oldest commit of a line, newest first, that contains a commit. Uses binary search, since all newer
     * ones contain it as well.
     */
    private static int merged(RevWalk walk, RevCommit commit, List<RevCommit> line) throws IOException {
        int with = -1;
        int without = line.size();
        while (without - with > 1) {
            int middle = (with + without) >>> 1;
            if (walk.isMergedInto(commit, line.get(middle))) {
                with = middle;
            } else {
                without = middle;
            }
        }
        return with;
    }

    List<CommitInfo> log(String revision, String path, int limit) throws IOException {
        List<CommitInfo> found = new ArrayList<>();
        if (limit <= 0) {
            return found;
        }
        try (RevWalk walk = new RevWalk(clone.repository())) {
            walk.markStart(required(walk, revision));
            List<String> names =
                    RepositoryPath.resolve(path)
                            .orElseThrow(() -> new IOException("The path leaves the repository"))
                            .stream()
                            .map(RepositoryPath::name)
                            .toList();
            if (!names.isEmpty()) {
                // Otherwise JGit would walk the whole history before it returns the first commit.
                walk.setRewriteParents(false);
                walk.setTreeFilter(
                        AndTreeFilter.create(PathFilter.create(String.join("/", names)), TreeFilter.ANY_DIFF));
            }
            for (RevCommit commit = walk.next(); commit != null; commit = walk.next()) {
                found.add(info(commit));
                if (found.size() == limit) {
                    break;
                }
            }
        }
        return found;
    }

    static CommitInfo info(RevCommit commit) {
        PersonIdent author = commit.getAuthorIdent();
        return new CommitInfo(
                commit.name(),
                author.getName(),
                author.getEmailAddress(),
                commit.getCommitterIdent().getWhenAsInstant(),
                commit.getShortMessage(),
                Trailers.parseAll(commit.getFullMessage()));
    }

    /** As {@link RevisionReader#authors}. */
    Optional<Set<Author>> authors(String revision, String path, int mostMerged) throws IOException {
        Set<Author> authors = new LinkedHashSet<>();
        Set<ObjectId> boundary = clone.boundary();
        try (RevWalk walk = new RevWalk(clone.repository())) {
            RevCommit commit = required(walk, revision);
            add(authors, commit);
            if (commit.getParentCount() < 2) {
                return Optional.of(authors);
            }
            for (int i = 1; i < commit.getParentCount(); i++) {
                walk.markStart(walk.parseCommit(commit.getParent(i)));
            }
            walk.markUninteresting(walk.parseCommit(commit.getParent(0)));
            RevCommit merged = walk.next();
            for (int i = 0; merged != null; i++, merged = walk.next()) {
                if (boundary.contains(merged)) {
                    throw new ShallowHistoryException(merged);
                }
                if (i == mostMerged) {
                    return Optional.empty();
                }
                if (hasChanged(walk, merged, path)) {
                    add(authors, merged);
                }
            }
        }
        return Optional.of(authors);
    }

    /** As {@link RevisionReader#wereRebasedTogether}. */
    boolean wereRebasedTogether(String older, String newer) throws IOException {
        try (RevWalk walk = new RevWalk(clone.repository())) {
            RevCommit first = required(walk, older);
            RevCommit second = required(walk, newer);
            PersonIdent one = first.getCommitterIdent();
            PersonIdent other = second.getCommitterIdent();
            long apart = Math.abs(other.getWhenAsInstant().getEpochSecond()
                    - one.getWhenAsInstant().getEpochSecond());
            return isRewritten(first)
                    && isRewritten(second)
                    && author(one).equals(author(other))
                    && apart <= REBASE_SECONDS;
        }
    }

    private static boolean isRewritten(RevCommit commit) {
        return commit.getParentCount() == 1
                && commit.getAuthorIdent()
                        .getWhenAsInstant()
                        .isBefore(commit.getCommitterIdent().getWhenAsInstant());
    }

    /** As {@link ConfigRepository#hasChanged}. */
    boolean hasChanged(String revision, String path) throws IOException {
        try (RevWalk walk = new RevWalk(clone.repository())) {
            return hasChanged(walk, required(walk, revision), path);
        }
    }

    private static boolean hasChanged(RevWalk walk, RevCommit commit, String path) throws IOException {
        ObjectId now = file(walk, commit, path);
        for (RevCommit parent : commit.getParents()) {
            if (now.equals(file(walk, walk.parseCommit(parent), path))) {
                return false;
            }
        }
        return commit.getParentCount() > 0 || !now.equals(ObjectId.zeroId());
    }

    private static ObjectId file(RevWalk walk, RevCommit commit, String path) throws IOException {
        try (TreeWalk file = TreeWalk.forPath(walk.getObjectReader(), path, commit.getTree())) {
            return file == null ? ObjectId.zeroId() : file.getObjectId(0);
        }
    }

    private static void add(Set<Author> authors, RevCommit commit) {
        authors.add(author(commit.getAuthorIdent()));
        authors.add(author(commit.getCommitterIdent()));
        for (String line : Trailers.parse(commit.getFullMessage()).all(Trailers.CO_AUTHOR)) {
            authors.add(Author.parse(line));
        }
    }

    private static Author author(PersonIdent ident) {
        return new Author(TextSanitizer.line(ident.getName()), TextSanitizer.line(ident.getEmailAddress()));
    }

    /** @throws MissingObjectException when the clone is corrupt, since it should contain the commit */
    CommitInfo commit(ObjectId commit) throws IOException {
        try (RevWalk walk = new RevWalk(clone.repository())) {
            return info(walk.parseCommit(commit));
        } catch (MissingObjectException e) {
            clone.noteDamage(e);
            throw e;
        }
    }

    /** The result of a change, from a commit that this plugin made earlier. */
    ChangeResult result(AnyObjectId id, String operationId, @CheckForNull OperationScope scope) throws IOException {
        try (RevWalk walk = new RevWalk(clone.repository())) {
            RevCommit commit = walk.parseCommit(id);
            Trailers trailers = Trailers.ofOperation(commit.getFullMessage(), operationId, scope);
            return new ChangeResult(true, commit.name(), trailers, changedFiles(walk, commit));
        } catch (MissingObjectException e) {
            clone.noteDamage(e);
            throw e;
        }
    }

    /** Empty when there are more than {@code most}. */
    Optional<List<String>> changedFiles(String one, String other, int most) throws IOException {
        try (RevWalk walk = new RevWalk(clone.repository());
                TreeWalk files = differences(walk, required(walk, one), required(walk, other))) {
            List<String> paths = paths(files, most);
            return paths.size() > most ? Optional.empty() : Optional.of(paths);
        }
    }

    private static List<String> changedFiles(RevWalk walk, RevCommit commit) throws IOException {
        RevCommit parent = commit.getParentCount() == 0 ? null : walk.parseCommit(commit.getParent(0));
        try (TreeWalk files = differences(walk, parent, commit)) {
            return paths(files, Integer.MAX_VALUE);
        }
    }

    private static TreeWalk differences(RevWalk walk, @CheckForNull RevCommit one, RevCommit other) throws IOException {
        TreeWalk files = new TreeWalk(walk.getObjectReader());
        files.addTree(
                one == null
                        ? new EmptyTreeIterator()
                        : new CanonicalTreeParser(null, walk.getObjectReader(), one.getTree()));
        files.addTree(other.getTree());
        files.setFilter(TreeFilter.ANY_DIFF);
        return files;
    }

    /** Returns one path more than {@code most} when there are more. Omits files below the maximum path depth. */
    private static List<String> paths(TreeWalk files, int most) throws IOException {
        List<String> paths = new ArrayList<>();
        while (paths.size() <= most && files.next()) {
            boolean reachable =
                    files.getPathLength() <= RepositoryPath.MAX_LENGTH && files.getDepth() < RepositoryPath.MAX_DEPTH;
            if (!reachable) {
                continue;
            }
            if (files.isSubtree()) {
                files.enterSubtree();
            } else {
                paths.add(files.getPathString());
            }
        }
        return paths;
    }
}
