package io.jenkins.plugins.gitops.core.git.objects;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import io.jenkins.plugins.gitops.core.git.WorkTreeClone;
import io.jenkins.plugins.gitops.core.git.remote.IsolatedRepository;
import io.jenkins.plugins.gitops.core.model.FileTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Stored objects must be readable by JGit, pass C Git's strictest check, and take little space. */
public class PendingObjectsPackTest {
    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private final Random random = new Random(7);
    private Path folder;

    @Before
    public void create() throws Exception {
        folder = temporary.getRoot().toPath().resolve("repository.git");
        IsolatedRepository.create(folder, "refs/heads/main").close();
    }

    /** Writes a chain of commits on one large folder, in packs of five commits each. */
    @Test
    public void storedCommitsPassStrictFsckAndVersionsOfAFolderAreDeltas() throws Exception {
        PendingObjects first = new PendingObjects();
        byte[] services = manyFiles(first);
        ObjectId head = commit(first, services, null);
        store(first);
        for (int pack = 0; pack < 12; pack++) {
            PendingObjects made = new PendingObjects();
            for (int i = 0; i < 5; i++) {
                services = withAnotherFile(made, services);
                head = commit(made, services, head);
            }
            assertThat("five folders of 40 kB", store(made), is(lessThan(2L * services.length)));
        }
        setBranch(head);
        assertSound();
    }

    /** A rollback restores a folder that is older than its predecessor. */
    @Test
    public void folderThatIsRestoredInTheSamePackIsStored() throws Exception {
        PendingObjects first = new PendingObjects();
        byte[] before = manyFiles(first);
        ObjectId head = commit(first, before, null);
        store(first);
        PendingObjects made = new PendingObjects();
        byte[] after = withAnotherFile(made, before);
        head = commit(made, after, head);
        head = commit(made, before, head);
        head = commit(made, withAnotherFile(made, after), head);
        head = commit(made, after, head);
        store(made);
        setBranch(head);
        assertSound();
    }

    private byte[] manyFiles(PendingObjects made) {
        byte[] tree = new byte[0];
        for (int i = 0; i < 1_000; i++) {
            ObjectId blob = made.insert(Constants.OBJ_BLOB, bytes(50));
            tree = RawTree.insert(tree, name("file-%05d".formatted(i)), FileMode.REGULAR_FILE, blob);
        }
        return tree;
    }

    /** Returns the tree with one file added, removed or changed. */
    private byte[] withAnotherFile(PendingObjects made, byte[] tree) {
        List<FileTree.Entry> entries = RawTree.list(tree);
        String chosen = entries.get(random.nextInt(entries.size())).name();
        RawTree.TreeEntry entry = RawTree.find(tree, name(chosen));
        ObjectId blob = made.insert(Constants.OBJ_BLOB, bytes(50));
        return switch (random.nextInt(3)) {
            case 0 -> RawTree.insert(tree, name("more-" + blob.name()), FileMode.REGULAR_FILE, blob);
            case 1 -> RawTree.remove(tree, entry);
            default -> RawTree.replace(tree, entry, blob);
        };
    }

    private static ObjectId commit(PendingObjects made, byte[] services, ObjectId parent) throws IOException {
        ObjectId folder = made.insert(Constants.OBJ_TREE, services);
        byte[] root = RawTree.insert(new byte[0], name("services"), FileMode.TREE, folder);
        CommitBuilder commit = new CommitBuilder();
        commit.setTreeId(made.insert(Constants.OBJ_TREE, root));
        commit.setAuthor(new PersonIdent("Ada", "ada@example.com", Instant.EPOCH, ZoneOffset.UTC));
        commit.setCommitter(commit.getAuthor());
        commit.setMessage("Change\n");
        if (parent != null) {
            commit.setParentId(parent);
        }
        return made.insert(Constants.OBJ_COMMIT, commit.build());
    }

    /** Stores the objects, reads them back, and returns the size of their pack in bytes. */
    private long store(PendingObjects made) throws IOException {
        List<Path> before = packs();
        try (IsolatedRepository repository = IsolatedRepository.open(folder)) {
            PendingObjectsPack.store(made, repository.with(made), repository);
        }
        try (IsolatedRepository repository = IsolatedRepository.open(folder)) {
            for (PendingObjects.PendingObject object : made.all()) {
                ObjectLoader found = repository.open(object.id(), object.type());
                assertThat(Arrays.equals(found.getBytes(), object.bytes()), is(true));
            }
        }
        List<Path> added = packs();
        added.removeAll(before);
        assertThat(added.size(), is(1));
        return Files.size(added.get(0));
    }

    private void setBranch(ObjectId head) throws IOException {
        try (IsolatedRepository repository = IsolatedRepository.open(folder)) {
            RefUpdate update = repository.updateRef("refs/heads/main");
            update.setNewObjectId(head);
            assertThat(update.update(), is(RefUpdate.Result.NEW));
        }
    }

    private List<Path> packs() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("objects/pack"))) {
            return files.filter(file -> file.toString().endsWith(".pack")).collect(Collectors.toList());
        }
    }

    private void assertSound() throws Exception {
        if (WorkTreeClone.isCommandThere()) {
            git("fsck", "--strict", "--full", "--no-dangling");
            for (Path pack : packs()) {
                git(
                        "index-pack",
                        "--strict",
                        "-o",
                        folder.resolve("checked.idx").toString(),
                        pack.toString());
            }
        }
    }

    private void git(String... arguments) throws Exception {
        List<String> line = new ArrayList<>(List.of("git"));
        line.addAll(List.of(arguments));
        Path log = folder.resolve("log.txt");
        Process process = new ProcessBuilder(line)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        int status = process.waitFor();
        assertThat(Files.readString(log), status, is(0));
        assertThat(Files.readString(log).contains("warning"), is(false));
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] name(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
