# Build: docker build --tag meaux .   Run: docs/hosting.md
FROM python:3.13-slim

WORKDIR /app
COPY requirements.lock ./
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock \
    && useradd --system --uid 10001 meaux \
    && install --directory --owner=meaux data
COPY app.py ./
COPY meaux meaux
COPY pages pages
COPY .streamlit/config.toml .streamlit/

USER 10001
EXPOSE 8501
HEALTHCHECK CMD ["python", "-c", "import urllib.request as http; http.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
CMD ["streamlit", "run", "app.py", "--server.address=0.0.0.0", "--server.port=8501", "--server.headless=true"]
