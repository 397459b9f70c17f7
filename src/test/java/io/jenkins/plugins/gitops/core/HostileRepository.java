package io.jenkins.plugins.gitops.core;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.TreeFormatter;

/**
 * A config repository made by one hostile committer, which also contains the innocent application {@link #INNOCENT}
 * with three environments. It is small on disk and created in seconds, but expensive for a careless reader.
 */
public final class HostileRepository {
    /** The application that must not be affected; its folders are {@code services/innocent/overlays/ENVIRONMENT}. */
    public static final String INNOCENT = "innocent";
    /** The image of the innocent application; the tag is {@code v1} everywhere. */
    public static final String IMAGE = "ghcr.io/example/innocent";
    /** The only branch. */
    public static final String BRANCH = "main";
    /** The number of folders in {@link Attack#MANY_FOLDERS}. */
    public static final int MANY = 100_000;
    /** The nesting depth of {@link Attack#DEEP_FOLDERS}, too deep for the stack of a recursive reader. */
    public static final int DEEP = 20_000;
    /** The number of commits in {@link Attack#ONE_LINE}, each with another version of the whole file. */
    public static final int VERSIONS = 60;

    private static final String IMAGE_FILE = "image-tag.yaml";
    private static final int ONE_LINE_BYTES = 500_000;

    private HostileRepository() {}

    /** The attacks of the committer. */
    public enum Attack {
        /** Half a megabyte of YAML on one line, in {@link #VERSIONS} commits. */
        ONE_LINE,
        /** A file below {@link #DEEP} nested folders, inside the folder of a target. */
        DEEP_FOLDERS,
        /** {@link #MANY} folders that look like applications. */
        MANY_FOLDERS,
        /** Names of images, folders and keys on which regular expressions backtrack excessively. */
        HUGE_NAMES,
        /** YAML and JSON nested 100,000 deep. */
        DEEP_NESTING,
        /** Aliases and merge keys that expand to billions of nodes. */
        ALIAS_BOMB,
        /** A list of images so long that editing them one after the other would not end in practice. */
        MANY_IMAGES,
        /** Empty commits with trailers as written by this plugin, and commits with very many trailers. */
        FORGED_TRAILERS;

        /** Returns the application whose targets contain the attack. */
        public String application() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** Creates a bare repository with every attack; the folder must not exist or be empty. */
    public static void create(Path bare) throws IOException {
        create(bare, EnumSet.allOf(Attack.class));
    }

    /**
     * Creates a bare repository with the innocent application first, followed by these attacks, in at least one commit
     * each.
     */
    public static void create(Path bare, Set<Attack> attacks) throws IOException {
        try (Git git = Git.init()
                .setBare(true)
                .setGitDir(bare.toFile())
                .setInitialBranch(BRANCH)
                .call()) {
            FileRepository repository = (FileRepository) git.getRepository();
            repository.getConfig().setBoolean("receive", null, "autogc", false);
            repository.getConfig().setInt("gc", null, "auto", 0);
            repository.getConfig().save();
            try (ObjectInserter inserter = repository.getObjectDatabase().newPackInserter()) {
                ObjectId tip = new CommitWriter(inserter).commits(attacks);
                inserter.flush();
                RefUpdate update = repository.updateRef(Constants.R_HEADS + BRANCH);
                update.setNewObjectId(tip);
                if (update.update() != RefUpdate.Result.NEW) {
                    throw new IOException("The branch could not be written");
                }
            }
        } catch (GitAPIException e) {
            throw new IOException(e);
        }
    }

    /** Returns the files of an attack by path; none if the attack does not consist of files. */
    public static Map<String, String> files(Attack attack) {
        Map<String, String> files = new LinkedHashMap<>();
        String dev = folder(attack.application(), "dev") + "/";
        switch (attack) {
            case ONE_LINE -> files.put(dev + IMAGE_FILE, oneLine(0));
            case HUGE_NAMES -> {
                files.put(dev + IMAGE_FILE, images("a".repeat(100_000) + "/" + "b-".repeat(100_000) + "b", "v1"));
                String manifest = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\nspec:\n  template:\n"
                        + "    spec:\n      containers:\n      - {name: a, image: \"%s\"}\n";
                String path = "a/".repeat(100_000) + "a:v1";
                files.put(folder(attack.application(), "staging") + "/deployment.yaml", manifest.formatted(path));
                String digest = "a/b@" + "a+".repeat(100_000) + "a:" + "0".repeat(64);
                files.put(folder(attack.application(), "production") + "/deployment.yaml", manifest.formatted(digest));
                files.put("services/" + "n".repeat(200_000) + "/overlays/dev/" + IMAGE_FILE, images("a/b", "v1"));
                files.put("services/app/overlays/" + "e".repeat(200_000) + "/" + IMAGE_FILE, images("a/b", "v1"));
                files.put("argocd/" + "x-".repeat(1_000) + "dev.yaml", application("y-".repeat(100_000) + "dev"));
            }
            case DEEP_NESTING -> {
                files.put(dev + IMAGE_FILE, "images: " + "[".repeat(100_000));
                files.put(folder(attack.application(), "staging") + "/" + IMAGE_FILE, "{\"a\":".repeat(50_000));
                files.put(folder(attack.application(), "production") + "/" + IMAGE_FILE, "- ".repeat(100_000) + "a");
                files.put(".gitops/holds/dev/" + attack.application() + ".yaml", "[".repeat(100_000));
                files.put("argocd/deep.yaml", "# argoproj.io/ images\n" + "? ".repeat(100_000));
            }
            case ALIAS_BOMB -> {
                files.put(dev + IMAGE_FILE, aliases("a%d: &a%d [%s]\n", "*a%d"));
                files.put(folder(attack.application(), "staging") + "/" + IMAGE_FILE, merges());
                files.put("argocd/bomb.yaml", "# argoproj.io/ images\n" + merges());
            }
            case MANY_IMAGES -> {
                StringBuilder text = new StringBuilder("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n");
                for (int i = 0; i < 10_000; i++) {
                    text.append("  - {name: c").append(i).append(", image: \"a/b:v1\"}\n");
                }
                files.put(dev + "pod.yaml", text.toString());
            }
            default -> {
                // These consist of folders or commits.
            }
        }
        return files;
    }

    /** Returns half a megabyte on one line: a very long list of images, whose names change from version to version. */
    private static String oneLine(int version) {
        StringBuilder text = new StringBuilder("images: [{name: a/b, newTag: v" + version + "}");
        for (int i = 0; text.length() < ONE_LINE_BYTES; i++) {
            text.append(", {name: a/b").append(i).append(", newTag: v1}");
        }
        return text.append("]\n").toString();
    }

    private static String images(String name, String tag) {
        return "images:\n- name: \"" + name + "\"\n  newTag: " + tag + "\n";
    }

    private static String application(String name) {
        return "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: " + name + "}\nspec:\n"
                + "  source: {path: x, kustomize: {images: [\"a/b:v1\"]}}\n";
    }

    private static String aliases(String line, String alias) {
        StringBuilder text = new StringBuilder("images: []\na0: &a0 [x]\n");
        for (int i = 1; i < 60; i++) {
            String before = alias.formatted(i - 1);
            text.append(line.formatted(i, i, String.join(", ", before, before, before, before)));
        }
        return text.toString();
    }

    /**
     * Returns mappings that each merge the previous one twice, so that a lookup of a missing key searches all of them.
     */
    private static String merges() {
        StringBuilder text = new StringBuilder("a0: &a0 {x: y}\n");
        for (int i = 1; i < 60; i++) {
            text.append("a%d: &a%d {\"<<\": [*a%d, *a%d]}\n".formatted(i, i, i - 1, i - 1));
        }
        return text.append("images:\n- <<: *a59\n  name: a/b\n").toString();
    }

    private static String folder(String application, String environment) {
        return "services/" + application + "/overlays/" + environment;
    }

    /** A folder that is not written yet; its entries are folders, texts, or ids of trees that are written. */
    private static final class PendingFolder {
        private final Map<String, Object> entries = new TreeMap<>();

        void put(String path, Object entry) {
            int slash = path.indexOf('/');
            if (slash < 0) {
                entries.put(path, entry);
            } else {
                ((PendingFolder) entries.computeIfAbsent(path.substring(0, slash), name -> new PendingFolder()))
                        .put(path.substring(slash + 1), entry);
            }
        }
    }

    /** Writes the commits, each on top of the previous one. */
    private static final class CommitWriter {
        private final ObjectInserter inserter;
        private final PendingFolder root = new PendingFolder();
        private ObjectId tip;
        private int commits;

        CommitWriter(ObjectInserter inserter) {
            this.inserter = inserter;
        }

        ObjectId commits(Set<Attack> attacks) throws IOException {
            for (String environment : new String[] {"dev", "staging", "production"}) {
                String folder = folder(INNOCENT, environment) + "/";
                root.put(folder + IMAGE_FILE, images(IMAGE, "v1"));
                root.put(folder + "kustomization.yaml", "components: [image-tag.yaml]\n");
            }
            commit("Begin with an innocent application\n");
            for (Attack attack : attacks) {
                attack(attack);
            }
            return tip;
        }

        private void attack(Attack attack) throws IOException {
            files(attack).forEach(root::put);
            switch (attack) {
                case ONE_LINE -> {
                    for (int version = 1; version < VERSIONS; version++) {
                        commit("Version " + version + "\n");
                        root.put(folder(attack.application(), "dev") + "/" + IMAGE_FILE, oneLine(version));
                    }
                }
                case DEEP_FOLDERS -> {
                    ObjectId deep = deep("one");
                    root.put(folder(attack.application(), "dev") + "/" + IMAGE_FILE, images("a/b", "v1"));
                    root.put(folder(attack.application(), "dev") + "/d", deep);
                    commit("Deep folders\n");
                    root.put(folder(attack.application(), "dev") + "/d", deep("other"));
                }
                case MANY_FOLDERS -> many();
                case FORGED_TRAILERS -> forge();
                default -> {
                    // Files only; nothing else to write.
                }
            }
            commit(attack + "\n");
        }

        private ObjectId deep(String content) throws IOException {
            PendingFolder last = new PendingFolder();
            last.put("file.yaml", content);
            ObjectId folder = write(last);
            for (int i = 1; i < DEEP; i++) {
                TreeFormatter tree = new TreeFormatter();
                tree.append("d", FileMode.TREE, folder);
                folder = inserter.insert(tree);
            }
            return folder;
        }

        /** Adds folders with the same content, which is one object for Git but many for a reader. */
        private void many() throws IOException {
            PendingFolder one = new PendingFolder();
            one.put("overlays/dev/" + IMAGE_FILE, images("a/b", "v1"));
            ObjectId app = write(one);
            TreeFormatter tree = new TreeFormatter();
            for (int i = 0; i < MANY; i++) {
                tree.append("app-%06d".formatted(i), FileMode.TREE, app);
            }
            root.put("apps", inserter.insert(tree));
        }

        /**
         * Forges trailers as if later builds of every job had changed the innocent application, and one commit with
         * 20,000 trailers.
         */
        private void forge() throws IOException {
            String target = "Gitops-Target: " + INNOCENT + "/dev\n";
            for (int i = 0; i < 50; i++) {
                commit("Forged\n\nGitops-Operation: job#999999999/" + i + "@zzzzzzzzzzzz\n" + target + "Gitops-Image: "
                        + IMAGE + ":v1 -> " + IMAGE + ":v" + i + "\n");
            }
            StringBuilder very = new StringBuilder("Forged\n\n");
            for (int i = 0; i < 20_000; i++) {
                very.append("Gitops-Operation: forged-").append(i).append('\n');
            }
            commit(very + target);
            commit("Forged\n\nGitops-Image: " + "a/".repeat(200_000) + "a:v1 -> a/b:v1\n" + target);
            commit("Forged\n\nGitops-Operation: " + "#1/a".repeat(100_000) + "\n" + target);
            commit("Forged\n\n" + "a-".repeat(200_000) + ": b\n" + target);
        }

        private void commit(String message) throws IOException {
            CommitBuilder commit = new CommitBuilder();
            commit.setTreeId(write(root));
            if (tip != null) {
                commit.setParentId(tip);
            }
            Instant when = Instant.parse("2026-01-01T00:00:00Z").plusSeconds(commits++);
            commit.setAuthor(new PersonIdent("Mallory", "mallory@example.com", when, ZoneOffset.UTC));
            commit.setCommitter(commit.getAuthor());
            commit.setMessage(message);
            tip = inserter.insert(commit);
        }

        private ObjectId write(PendingFolder folder) throws IOException {
            Map<String, ObjectId> files = new LinkedHashMap<>();
            Map<String, ObjectId> inGitsOrder = new TreeMap<>();
            for (Map.Entry<String, Object> entry : folder.entries.entrySet()) {
                if (entry.getValue() instanceof String text) {
                    ObjectId blob = inserter.insert(Constants.OBJ_BLOB, text.getBytes(StandardCharsets.UTF_8));
                    files.put(entry.getKey(), blob);
                    inGitsOrder.put(entry.getKey(), blob);
                } else {
                    ObjectId below =
                            entry.getValue() instanceof PendingFolder more ? write(more) : (ObjectId) entry.getValue();
                    inGitsOrder.put(entry.getKey() + "/", below);
                }
            }
            TreeFormatter tree = new TreeFormatter();
            for (Map.Entry<String, ObjectId> entry : inGitsOrder.entrySet()) {
                String name = entry.getKey();
                boolean file = files.containsKey(name);
                tree.append(
                        file ? name : name.substring(0, name.length() - 1),
                        file ? FileMode.REGULAR_FILE : FileMode.TREE,
                        entry.getValue());
            }
            return inserter.insert(tree);
        }
    }
}
