import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * The yardstick that stream processors of the Java platform are measured with: Kafka's own client with its default settings, Jackson's streaming parser over
 * every token, a map. Arguments: address of the broker, topic, threads. Prints one line, "figures: " and JSON.
 */
public final class JavaLoop {
    /** One thread's consumer, and what it has counted. */
    private static final class Reader implements Callable<Reader> {
        final KafkaConsumer<String, byte[]> consumer;
        final long total;
        final Map<String, long[]> visitors = new HashMap<>();
        final Map<String, long[]> events = new HashMap<>();
        long clicks;
        long allocatedBytes;

        Reader(String bootstrap, List<TopicPartition> partitions) {
            var settings = new Properties();
            settings.put("bootstrap.servers", bootstrap);
            settings.put("enable.auto.commit", "false");
            consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            total = consumer.endOffsets(partitions).values().stream().mapToLong(Long::longValue).sum();
        }

        @Override
        public Reader call() throws IOException {
            var json = new JsonFactory();
            long heardAt = System.nanoTime();
            while (clicks < total) {
                var records = consumer.poll(Duration.ofMillis(100));
                if (!records.isEmpty()) {
                    heardAt = System.nanoTime();
                } else if (System.nanoTime() - heardAt > SILENCE_MAX.toNanos()) {
                    throw new IllegalStateException("no record for " + SILENCE_MAX + ", " + clicks + " of " + total + " read: does the broker run?");
                }
                for (ConsumerRecord<String, byte[]> record : records) {
                    if (clicks++ == 0) {
                        begin();
                    }
                    count(events, eventOf(json, record.value()));
                    count(visitors, record.key());
                }
            }
            var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            allocatedBytes = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            return this;
        }

        private static void count(Map<String, long[]> counts, String name) {
            counts.computeIfAbsent(name, unused -> new long[1])[0]++;
        }

        /** Walks over the whole record, as whoever needs its properties would. */
        private static String eventOf(JsonFactory json, byte[] value) throws IOException {
            String type = null;
            String name = null;
            try (JsonParser parser = json.createParser(value)) {
                int depth = 0;
                for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                    if (token.isStructStart()) {
                        depth++;
                    } else if (token.isStructEnd()) {
                        depth--;
                    } else if (depth == 1 && token.isScalarValue()) {
                        switch (parser.currentName()) {
                            case "type" -> type = parser.getText();
                            case "event" -> name = parser.getText();
                            default -> { }
                        }
                    }
                }
            }
            return "track".equals(type) ? name : type;
        }
    }

    private static final Duration SILENCE_MAX = Duration.ofMinutes(1);

    private static long begunAt;
    private static long cpuBegun;
    private static long pausesBegun;
    private static long collectionsBegun;

    /** Time counts from the first click of any thread on. */
    private static synchronized void begin() {
        if (begunAt == 0) {
            begunAt = System.nanoTime();
            cpuBegun = cpu();
            pausesBegun = pauses();
            collectionsBegun = collections();
        }
    }

    private static long cpu() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    /** Of the collectors since the process began, in ms. */
    private static long pauses() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream().mapToLong(GarbageCollectorMXBean::getCollectionTime).sum();
    }

    private static long collections() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream().mapToLong(GarbageCollectorMXBean::getCollectionCount).sum();
    }

    /** The most that was resident so far; 0 where the kernel does not tell. */
    private static long peakMemoryBytes() throws IOException {
        var status = Path.of("/proc/self/status");
        return Files.exists(status)
            ? Files.readAllLines(status).stream().filter(line -> line.startsWith("VmHWM:")).mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024).sum()
            : 0;
    }

    public static void main(String[] arguments) throws Exception {
        var topic = arguments[1];
        int threads = Integer.parseInt(arguments[2]);
        int partitions;
        var settings = new Properties();
        settings.put("bootstrap.servers", arguments[0]);
        try (var asking = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            partitions = asking.partitionsFor(topic).size();
        }
        List<Reader> readers = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            List<TopicPartition> own = new ArrayList<>();
            for (int partition = thread; partition < partitions; partition += threads) {
                own.add(new TopicPartition(topic, partition));
            }
            readers.add(new Reader(arguments[0], own));
        }
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (Future<Reader> ended : pool.invokeAll(readers)) {
                ended.get();
            }
        } finally {
            pool.shutdownNow();
        }
        print(readers, partitions, (System.nanoTime() - begunAt) / 1e9, (cpu() - cpuBegun) / 1e9);
        readers.forEach(reader -> reader.consumer.close());
    }

    private static void print(List<Reader> readers, int partitions, double seconds, double cpuSeconds) throws IOException {
        System.out.print("figures: ");
        try (JsonGenerator json = new JsonFactory().createGenerator(System.out)) {
            json.writeStartObject();
            json.writeNumberField("Clicks", readers.stream().mapToLong(reader -> reader.clicks).sum());
            json.writeNumberField("Total", readers.stream().mapToLong(reader -> reader.total).sum());
            json.writeNumberField("Partitions", partitions);
            json.writeNumberField("Seconds", seconds);
            json.writeNumberField("CpuSeconds", cpuSeconds);
            json.writeNumberField("AllocatedBytes", readers.stream().mapToLong(reader -> reader.allocatedBytes).sum());
            json.writeNumberField("GcPauseMs", pauses() - pausesBegun);
            json.writeNumberField("Collections", collections() - collectionsBegun);
            json.writeNumberField("PeakMemoryBytes", peakMemoryBytes());
            // A visitor is on one partition, and a partition is read by one thread.
            json.writeNumberField("Visitors", readers.stream().mapToLong(reader -> reader.visitors.size()).sum());
            json.writeObjectFieldStart("Events");
            Map<String, Long> events = new HashMap<>();
            readers.forEach(reader -> reader.events.forEach((name, count) -> events.merge(name, count[0], Long::sum)));
            for (var event : events.entrySet()) {
                json.writeNumberField(event.getKey(), event.getValue());
            }
            json.writeEndObject();
            json.writeEndObject();
        }
        System.out.println();
    }
}
