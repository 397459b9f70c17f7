package io.jenkins.plugins.gitops.core.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;

/**
 * Stores an {@link OperationIndex} in a file of the clone, so that a new process only walks newer commits. It is
 * deleted with the clone; an incomplete file counts as missing.
 */
final class OperationIndexFile {
    private static final String NAME = "gitops-operations";
    private static final int VERSION = 1;
    /** Reading a larger file would cost more than walking the commits. */
    private static final int MAX_BYTES = 16 << 20;

    private OperationIndexFile() {}

    /**
     * The content of an index of the branch up to a commit.
     *
     * @param commits oldest first, for each operation
     * @param byTarget newest first
     */
    record Contents(
            ObjectId walked,
            Map<OperationIndex.OperationKey, List<ObjectId>> commits,
            Map<String, Deque<ObjectId>> byTarget) {}

    private static Path file(Repository clone) {
        return clone.getDirectory().toPath().resolve(NAME);
    }

    /** Null when there is no complete file of this version. */
    @CheckForNull
    static Contents read(Repository clone) throws IOException {
        Path file = file(clone);
        if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
            return null;
        }
        byte[] all = Files.readAllBytes(file);
        int length = all.length - Long.BYTES;
        if (length < 0 || ByteBuffer.wrap(all, length, Long.BYTES).getLong() != checksum(all, length)) {
            return null;
        }
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(all, 0, length));
        if (in.readInt() != VERSION) {
            return null;
        }
        ObjectId walked = readId(in);
        Map<OperationIndex.OperationKey, List<ObjectId>> commits = new LinkedHashMap<>();
        for (int i = in.readInt(); i > 0; i--) {
            OperationIndex.OperationKey key = readKey(in);
            commits.put(key, readIds(in));
        }
        Map<String, Deque<ObjectId>> byTarget = new HashMap<>();
        for (int i = in.readInt(); i > 0; i--) {
            String target = readText(in);
            byTarget.put(target, new ArrayDeque<>(readIds(in)));
        }
        return new Contents(walked, commits, byTarget);
    }

    /** Replaces the file, unless the content is too large. */
    static void write(Repository clone, Contents contents) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(VERSION);
        contents.walked().copyRawTo(out);
        out.writeInt(contents.commits().size());
        for (Map.Entry<OperationIndex.OperationKey, List<ObjectId>> entry :
                contents.commits().entrySet()) {
            writeKey(out, entry.getKey());
            writeIds(out, entry.getValue());
        }
        out.writeInt(contents.byTarget().size());
        for (Map.Entry<String, Deque<ObjectId>> entry : contents.byTarget().entrySet()) {
            writeText(out, entry.getKey());
            writeIds(out, entry.getValue());
        }
        out.writeLong(checksum(bytes.toByteArray(), bytes.size()));
        if (bytes.size() > MAX_BYTES) {
            return;
        }
        Path file = file(clone);
        Path fresh = file.resolveSibling(NAME + ".lock");
        Files.write(fresh, bytes.toByteArray());
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static long checksum(byte[] bytes, int length) {
        CRC32 sum = new CRC32();
        sum.update(bytes, 0, length);
        return sum.getValue();
    }

    private static void writeKey(DataOutputStream out, OperationIndex.OperationKey key) throws IOException {
        writeText(out, key.operationId());
        OperationScope scope = key.scope();
        writeText(out, scope == null ? "" : scope.kind().name());
        writeText(out, scope == null ? "" : scope.target());
    }

    private static OperationIndex.OperationKey readKey(DataInputStream in) throws IOException {
        String operationId = readText(in);
        String kind = readText(in);
        String target = readText(in);
        OperationScope scope = Arrays.stream(OperationScope.OperationKind.values())
                .filter(value -> value.name().equals(kind))
                .map(value -> new OperationScope(value, target))
                .findFirst()
                .orElse(null);
        return new OperationIndex.OperationKey(operationId, scope);
    }

    private static void writeIds(DataOutputStream out, Collection<ObjectId> ids) throws IOException {
        out.writeInt(ids.size());
        for (ObjectId id : ids) {
            id.copyRawTo(out);
        }
    }

    private static List<ObjectId> readIds(DataInputStream in) throws IOException {
        List<ObjectId> ids = new ArrayList<>();
        for (int i = in.readInt(); i > 0; i--) {
            ids.add(readId(in));
        }
        return ids;
    }

    private static ObjectId readId(DataInputStream in) throws IOException {
        return ObjectId.fromRaw(in.readNBytes(Constants.OBJECT_ID_LENGTH));
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String readText(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }
}
