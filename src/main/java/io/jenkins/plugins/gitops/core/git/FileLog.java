package io.jenkins.plugins.gitops.core.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.git.objects.ChangedPaths;
import io.jenkins.plugins.gitops.core.git.objects.RawTree;
import io.jenkins.plugins.gitops.core.git.objects.RepositoryPath;
import io.jenkins.plugins.gitops.core.git.objects.TreeCache;
import io.jenkins.plugins.gitops.core.model.BoundedMap;
import io.jenkins.plugins.gitops.core.yaml.YamlLimits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * Finds the commits of the branch that changed one file. The branch is its first-parent line: a merge counts as one
 * change, and the intermediate commits of the merged branch do not count, since their content was never on the branch.
 * Caches the files that each walked commit changed, so that a later query, for any file, walks new commits only.
 * Thread-safe.
 */
final class FileLog {
    /** Maximum number of commits that are searched for changes of a file. */
    static final int MAX_COMMITS = 50_000;
    /** About 10 MB. */
    private static final int MAX_REMEMBERED = MAX_COMMITS + 10_000;

    /** About 5 MB. */
    private static final int MAX_CONTENTS = 20_000;

    private final LocalClone clone;
    private final FileVersion.Reader content;
    private final Map<ObjectId, CommitStep> stepCache = new ConcurrentHashMap<>();
    private final Map<FileAtCommit, ObjectId> contents = Collections.synchronizedMap(BoundedMap.byAccess(MAX_CONTENTS));

    FileLog(LocalClone clone, TreeCache treeCache) {
        this.clone = clone;
        this.content = new FileContentReader(treeCache);
    }

    /** A file at a commit. */
    private record FileAtCommit(ObjectId commit, String path) {}

    /**
     * The changes of a commit.
     *
     * @param parent the first parent; null when there is none
     * @param files hashes of the paths that differ from the parent; null when there is no parent, or there are too many
     */
    private record CommitStep(
            @CheckForNull ObjectId parent, @CheckForNull int[] files) {
        boolean isWithout(int path) {
            if (files == null) {
                return false;
            }
            for (int file : files) {
                if (file == path) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * The commits of the first-parent line that changed a file, newest first.
     *
     * @throws ShallowHistoryException when the clone ends before that many were found or searched
     * @throws IOException when the clone does not contain the revision
     */
    List<FileVersion> log(String revision, String path, int limit) throws IOException {
        return log(revision, path, limit, MAX_COMMITS);
    }

    /** The commit that last changed a file, among the newest {@code most} commits; empty when it is older. */
    Optional<CommitInfo> lastChange(String revision, String path, int most) throws IOException {
        return log(revision, path, 1, most).stream().map(FileVersion::commit).findFirst();
    }

    private List<FileVersion> log(String revision, String path, int limit, int most) throws IOException {
        if (stepCache.size() > MAX_REMEMBERED) {
            stepCache.clear();
        }
        List<FileVersion> found = new ArrayList<>();
        Set<ObjectId> boundary = clone.boundary();
        try (RevWalk commits = new RevWalk(clone.repository())) {
            commits.setRetainBody(false);
            FileWalk fileWalk = new FileWalk(commits, path);
            ObjectId at = CommitLog.required(commits, revision).copy();
            for (int i = 0; at != null && i < most && found.size() < limit; i++) {
                if (boundary.contains(at)) {
                    // What it changed is unknown without its parent.
                    throw new ShallowHistoryException(at);
                }
                ObjectId before = fileWalk.follow(at);
                if (fileWalk.changed) {
                    RevCommit commit = commits.parseCommit(at);
                    commits.parseBody(commit);
                    found.add(new FileVersion(CommitLog.info(commit), fileWalk.file(at), content, i, fileWalk.created));
                }
                at = before;
            }
        } catch (IOException e) {
            clone.noteDamage(e);
            throw e;
        }
        return found;
    }

    private static final class FileContentReader implements FileVersion.Reader {
        private final TreeCache treeCache;

        FileContentReader(TreeCache treeCache) {
            this.treeCache = treeCache;
        }

        @Override
        public long size(ObjectId blob) throws IOException {
            return treeCache.size(blob);
        }

        @Override
        @CheckForNull
        public byte[] read(ObjectId blob) throws IOException {
            return treeCache.blob(blob, YamlLimits.MAX_BYTES);
        }
    }

    /** Follows one file back through the commits. */
    private final class FileWalk {
        private final RevWalk commits;
        private final TreeReader treeReader;
        private final List<byte[]> names;
        private final String path;
        private final int hash;
        private boolean changed;
        /** Whether that commit changed the file, which did not exist before. */
        private boolean created;

        private FileWalk(RevWalk commits, String path) throws IOException {
            this.commits = commits;
            this.treeReader = new TreeReader(commits.getObjectReader());
            this.names =
                    RepositoryPath.resolve(path).orElseThrow(() -> new IOException("The path leaves the repository"));
            this.path =
                    String.join("/", names.stream().map(RepositoryPath::name).toList());
            this.hash = ChangedPaths.hash(this.path);
        }

        /**
         * Returns the parent commit, and records whether this commit changed the file; null when there is no parent.
         */
        @CheckForNull
        private ObjectId follow(ObjectId commit) throws IOException {
            CommitStep step = step(commit);
            changed = false;
            created = false;
            ObjectId parent = step.parent();
            if (!step.isWithout(hash)) {
                ObjectId before = parent == null ? ObjectId.zeroId() : file(parent);
                changed = !file(commit).equals(before);
                created = changed && before.equals(ObjectId.zeroId());
            }
            return parent;
        }

        private CommitStep step(ObjectId id) throws IOException {
            CommitStep known = stepCache.get(id);
            if (known != null) {
                return known;
            }
            RevCommit commit = commits.parseCommit(id);
            ObjectId parent =
                    commit.getParentCount() == 0 ? null : commit.getParent(0).copy();
            int[] files = parent == null
                    ? null
                    : ChangedPaths.files(treeReader, commits.parseCommit(parent).getTree(), commit.getTree());
            CommitStep step = new CommitStep(parent, files);
            stepCache.put(id, step);
            return step;
        }

        /** The id of the file's content; zero when the file does not exist. */
        private ObjectId file(ObjectId commit) throws IOException {
            FileAtCommit fileAtCommit = new FileAtCommit(commit.copy(), path);
            ObjectId known = contents.get(fileAtCommit);
            if (known == null) {
                known = find(commit);
                contents.put(fileAtCommit, known);
            }
            return known;
        }

        private ObjectId find(ObjectId commit) throws IOException {
            ObjectId id = commits.parseCommit(commit).getTree();
            for (int i = 0; i < names.size(); i++) {
                RawTree.TreeEntry entry = RawTree.find(treeReader.tree(id), names.get(i));
                boolean fits = entry != null && (i == names.size() - 1 ? entry.isFile() : entry.isFolder());
                if (!fits) {
                    return ObjectId.zeroId();
                }
                id = entry.objectId();
            }
            return id;
        }
    }

    /** Caches the folders that were read last, since consecutive commits have most folders in common. */
    private static final class TreeReader implements ChangedPaths.TreeSource {
        private static final int MAX_FOLDERS = 32;

        private final ObjectReader reader;
        private final Map<ObjectId, byte[]> kept = new LinkedHashMap<>(2 * MAX_FOLDERS, 0.75f, true);

        private TreeReader(ObjectReader reader) {
            this.reader = reader;
        }

        @Override
        public byte[] tree(ObjectId id) throws IOException {
            byte[] known = kept.get(id);
            if (known == null) {
                known = reader.open(id, Constants.OBJ_TREE).getCachedBytes(Integer.MAX_VALUE);
                kept.put(id.copy(), known);
                if (kept.size() > MAX_FOLDERS) {
                    kept.remove(kept.keySet().iterator().next());
                }
            }
            return known;
        }
    }
}
