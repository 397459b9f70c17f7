package io.jenkins.plugins.gitops.core.git.objects;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import io.jenkins.plugins.gitops.core.git.WorkTreeClone;
import io.jenkins.plugins.gitops.core.model.FileTree;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.internal.storage.pack.BinaryDelta;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectChecker;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.PackParser;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What is written must be what was meant, for the library and for C Git at its strictest. */
public class ThinPackTest {
    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private final Random random = new Random(7);
    private Path folder;

    @Before
    public void create() throws Exception {
        folder = temporary.newFolder("repository.git").toPath();
        Git.init()
                .setBare(true)
                .setGitDir(folder.toFile())
                .setInitialBranch("main")
                .call()
                .close();
    }

    @Test
    public void deltasReproduceTheSameBytes() {
        for (int i = 0; i < 3_000; i++) {
            byte[] from = bytes(random.nextInt(i % 10 == 0 ? 300_000 : 600));
            byte[] to = edited(from);
            byte[] delta = PackDelta.of(from, to).orElse(null);
            if (delta != null) {
                assertThat("round " + i, Arrays.equals(BinaryDelta.apply(from, delta), to), is(true));
            }
        }
    }

    @Test
    public void equalGrownAndShrunkTextsBecomeDeltas() {
        byte[] text = bytes(200_000);
        byte[] longer = concat(text, bytes(200));
        byte[] before = concat(bytes(200), text);
        for (byte[][] pair :
                new byte[][][] {{text, text}, {text, longer}, {longer, text}, {text, before}, {before, text}}) {
            byte[] delta = PackDelta.of(pair[0], pair[1]).orElse(null);
            assertThat(delta.length, is(lessThan(300)));
            assertThat(Arrays.equals(BinaryDelta.apply(pair[0], delta), pair[1]), is(true));
        }
    }

    @Test
    public void dissimilarTextsAreStoredWhole() {
        assertThat(PackDelta.of(bytes(400), bytes(400)), is(Optional.empty()));
        assertThat(PackDelta.of(bytes(400), new byte[0]), is(Optional.empty()));
        assertThat(PackDelta.of(new byte[0], bytes(400)), is(Optional.empty()));
    }

    /** A chain of commits on a growing folder, as packs of five commits each whose bases are in earlier packs. */
    @Test
    public void packsOfRandomChangesPassStrictChecks() throws Exception {
        PendingObjects first = new PendingObjects();
        byte[] services = manyFiles(first);
        ObjectId folderId = first.insertTree(services, null, new byte[0]);
        ObjectId head = commit(first, root(first, folderId), null);
        take(first);
        for (int pack = 0; pack < 12; pack++) {
            PendingObjects made = new PendingObjects();
            for (int i = 0; i < 5; i++) {
                byte[] changed = withAnotherFile(made, services);
                folderId = made.insertTree(changed, folderId, services);
                services = changed;
                head = commit(made, root(made, folderId), head);
            }
            assertThat("folders of 40 kB go as deltas", take(made), is(lessThan(4_000)));
        }
        setBranch(head);
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

    /** Back to what was there before, by two groups: each of the two folders was made from the other. */
    @Test
    public void recreatedFoldersAreAccepted() throws Exception {
        PendingObjects first = new PendingObjects();
        byte[] before = manyFiles(first);
        ObjectId old = first.insertTree(before, null, new byte[0]);
        ObjectId head = commit(first, root(first, old), null);
        take(first);
        PendingObjects made = new PendingObjects();
        byte[] after = withAnotherFile(made, before);
        byte[] third = withAnotherFile(made, after);
        PendingObjects changed = new PendingObjects();
        ObjectId next = changed.insertTree(after, old, before);
        ObjectId last = changed.insertTree(third, next, after);
        head = commit(changed, root(changed, last), head);
        PendingObjects back = new PendingObjects();
        assertThat(back.insertTree(before, last, third), is(old));
        head = commit(back, root(back, old), head);
        made.addAll(changed);
        made.addAll(back);
        take(made);
        setBranch(head);
        if (WorkTreeClone.isCommandThere()) {
            git("fsck", "--strict", "--full", "--no-dangling");
        }
    }

    private byte[] manyFiles(PendingObjects made) {
        byte[] tree = new byte[0];
        for (int i = 0; i < 1_000; i++) {
            ObjectId blob = made.insert(Constants.OBJ_BLOB, bytes(50));
            tree = RawTree.insert(tree, name("file-%05d".formatted(i)), FileMode.REGULAR_FILE, blob);
        }
        return tree;
    }

    /** One file more, less, or other than before. */
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

    private static ObjectId root(PendingObjects made, ObjectId services) {
        byte[] tree = RawTree.insert(new byte[0], name("services"), FileMode.TREE, services);
        return made.insertTree(tree, null, new byte[0]);
    }

    private static ObjectId commit(PendingObjects made, ObjectId tree, ObjectId parent) throws IOException {
        CommitBuilder commit = new CommitBuilder();
        commit.setTreeId(tree);
        commit.setAuthor(new PersonIdent("Ada", "ada@example.com", Instant.EPOCH, ZoneOffset.UTC));
        commit.setCommitter(commit.getAuthor());
        commit.setMessage("Change\n");
        if (parent != null) {
            commit.setParentId(parent);
        }
        return made.insert(Constants.OBJ_COMMIT, commit.build());
    }

    /** Puts a pack into the repository, checks it, and says how long it was. */
    private int take(PendingObjects made) throws IOException {
        byte[] pack = ThinPack.of(made.all());
        try (Repository repository = repository();
                ObjectInserter inserter = repository.newObjectInserter()) {
            PackParser parser = inserter.newPackParser(new ByteArrayInputStream(pack));
            parser.setAllowThin(true);
            parser.setObjectChecker(new ObjectChecker());
            parser.parse(NullProgressMonitor.INSTANCE);
            for (PendingObjects.PendingObject object : made.all()) {
                ObjectLoader found = repository.open(object.id(), object.type());
                assertThat(Arrays.equals(found.getBytes(), object.bytes()), is(true));
            }
        }
        return pack.length;
    }

    private void setBranch(ObjectId head) throws IOException {
        try (Repository repository = repository()) {
            RefUpdate update = repository.updateRef("refs/heads/main");
            update.setNewObjectId(head);
            assertThat(update.update(), is(RefUpdate.Result.NEW));
        }
    }

    private Repository repository() throws IOException {
        return new FileRepositoryBuilder().setGitDir(folder.toFile()).build();
    }

    private List<Path> packs() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("objects/pack"))) {
            return files.filter(file -> file.toString().endsWith(".pack")).toList();
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
        assertThat(Files.readString(log), process.waitFor(), is(0));
        assertThat(Files.readString(log).contains("warning"), is(false));
    }

    private byte[] edited(byte[] text) {
        int at = random.nextInt(text.length + 1);
        int end = Math.min(text.length, at + random.nextInt(40));
        return concat(
                Arrays.copyOf(text, at),
                bytes(random.nextInt(random.nextInt(10) == 0 ? 300 : 40)),
                Arrays.copyOfRange(text, end, text.length));
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] name(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
